import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { preparedDrills } from '../lib/infra/rollback-drills.ts';
import { DrillStack } from '../lib/infra/stack.ts';

const { DRILL_PLANS_DIR = fileURLToPath(new URL('../plans', import.meta.url)) } = process.env;

const app = new App();
const stackName: unknown = app.node.tryGetContext('stackName');
new DrillStack(app, 'RollbackDrills', {
  ...(await preparedDrills(DRILL_PLANS_DIR).catch(told)),
  ...(typeof stackName === 'string' ? { stackName } : {}),
});
app.synth();

/** What is wrong with the plans is for whoever wrote them; where the program stands is not. */
function told(error: Error): never {
  if (error.name !== 'PlansNotDeployable') throw error;
  console.error(error.message);
  process.exit(1);
}

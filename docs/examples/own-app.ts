import { App, Stack } from 'aws-cdk-lib';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { preparedDrills, RollbackDrills } from 'rollback-drills';

const app = new App();
const stack = new Stack(app, 'ReleaseSafety');
const drills = new RollbackDrills(stack, 'Drills', await preparedDrills('drills'));

drills.topic.addSubscription(new EmailSubscription('on-call@example.com'));
app.synth();

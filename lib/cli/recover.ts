import { journal } from '../adapters/aws/wiring/records.ts';
import { EXIT_CODES } from '../drill/outcome.ts';
import { safe } from '../report/text.ts';
import { type Command, EXIT } from './command.ts';
import { localSandbox } from './local.ts';
import { finishLeftDrills } from './recovery.ts';

export const recover: Command = {
  name: 'recover',
  usage: '',
  summary: 'Finishes or undoes what an interrupted drill left: restores the target first, then seals.',
  options: {},
  async run(context) {
    const sandbox = await localSandbox(context);
    try {
      for (const id of sandbox.left)
        context.err.write(
          `Finishing drill ${safe(id)}: its target is restored and validated first, which may take minutes.\n`,
        );
      const finished = await finishLeftDrills(sandbox.left, "'drill recover' was called");
      const told = finished.map(({ id, outcome, reasons }) => `${id}: ${outcome}. ${reasons.join('; ')}\n`);
      const open = sandbox.own ? [] : await journal().openDrills();
      const goingOn = open.map(
        (id) => `Drill ${safe(id)} goes on in the sandbox that is up; 'drill abort' ends it.\n`,
      );
      context.out.write([...told, ...goingOn].join('') || 'Nothing was left.\n');
      const isLeftBad = finished.some(({ outcome }) => outcome === 'not-restored');
      return isLeftBad ? EXIT_CODES['not-restored'] : EXIT.ok;
    } finally {
      await sandbox.close();
    }
  },
};

import { EXIT_CODES } from '../drill/outcome.ts';
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
      const finished = await finishLeftDrills(sandbox.left, "'drill recover' was called");
      const told = finished.map(({ id, outcome, reasons }) => `${id}: ${outcome}. ${reasons.join('; ')}\n`);
      context.out.write(told.length > 0 ? told.join('') : 'Nothing was left.\n');
      const isLeftBad = finished.some(({ outcome }) => outcome === 'not-restored');
      return isLeftBad ? EXIT_CODES['not-restored'] : EXIT.ok;
    } finally {
      await sandbox.close();
    }
  },
};

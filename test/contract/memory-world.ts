import type { Signal } from '../../lib/ports/waits.ts';
import { memoryStores } from '../fixtures/memory/stores.ts';
import { movableClock, type World } from './world.ts';

export async function memoryWorld(): Promise<World> {
  const clock = movableClock();
  const stores = memoryStores(clock);
  const { told } = stores.tokens;
  const ended: Signal = { kind: 'ended', reason: 'its time was over' };
  return {
    ...stores,
    clock,
    async startWait() {
      const token = crypto.randomUUID();
      return {
        token,
        told: async () => (told.get(token) === ended ? undefined : told.get(token)),
        end: async () => void told.set(token, ended),
      };
    },
    deadlines: async () => [...stores.schedules.values()].map((at) => new Date(at)),
    witnesses: async () => [...stores.witnesses],
    async startExecution() {
      const arn = crypto.randomUUID();
      return { arn, isRunning: async () => !stores.stopped.includes(arn) };
    },
    archived: async () => stores.archive.size,
    archivedSeries: async (drillId) => stores.archivedSeries.get(drillId),
    close: async () => {},
  };
}

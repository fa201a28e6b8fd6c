import { type Environment, type Heard, startEnvironment } from './environment.ts';
import type { FunctionConfiguration } from './service.ts';

/** The execution environments of one function, busy and idle. */
export interface Fleet {
  readonly idle: number;
  /** The idle environment that was used last, or a new one with what loading it came to. */
  take(): Promise<Taken>;
  start(): Promise<Taken>;
  /** Gives back an environment that can serve again; unused for five minutes, it is ended. */
  rest(environment: Environment): void;
  close(): Promise<void>;
}

export interface Taken {
  readonly environment: Environment;
  readonly loaded: Heard;
  readonly initDurationMs?: number;
}

const IDLE_LIMIT_MS = 300_000;

export function startFleet(
  configuration: FunctionConfiguration,
  options: { readonly logFile: number; readonly compileCache: string; readonly loadLimitMs: number },
): Fleet {
  const all = new Set<Environment>();
  const idle: { readonly environment: Environment; readonly retirement: NodeJS.Timeout }[] = [];

  return {
    get idle() {
      return idle.length;
    },
    async take() {
      const warmest = idle.pop();
      if (!warmest) return start();
      clearTimeout(warmest.retirement);
      return { environment: warmest.environment, loaded: { kind: 'loaded' } };
    },
    start,
    rest(environment) {
      if (!all.has(environment)) return;
      const retirement = setTimeout(() => {
        leave(environment);
        void environment.end();
      }, IDLE_LIMIT_MS);
      idle.push({ environment, retirement: retirement.unref() });
    },
    async close() {
      const ending = [...all];
      for (const environment of ending) forget(environment);
      await Promise.all(ending.map((environment) => environment.end()));
    },
  };

  async function start(): Promise<Taken> {
    const startedMs = performance.now();
    const environment = startEnvironment(configuration, options);
    all.add(environment);
    void environment.ended.then(() => forget(environment));
    const loaded = await environment.loaded;
    return { environment, loaded, initDurationMs: performance.now() - startedMs };
  }

  function forget(environment: Environment): void {
    all.delete(environment);
    leave(environment);
  }

  function leave(environment: Environment): void {
    const index = idle.findIndex((candidate) => candidate.environment === environment);
    if (index >= 0) clearTimeout(idle.splice(index, 1)[0]?.retirement);
  }
}

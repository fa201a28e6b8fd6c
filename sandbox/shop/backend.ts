import { ACCOUNT } from '../aws/account.ts';
import type { DatabaseFaults } from '../postgres/faults.ts';
import { ACCOUNTS, serverUrl } from '../postgres/settings.ts';
import { type DatabasePorts, type Postgres, startPostgres } from '../postgres/start.ts';
import type { Truth } from '../truth.ts';
import { onBadRelease } from './bad-releases.ts';
import type { ShopFault } from './faults.ts';
import { QUEUE } from './queues.ts';

/** What the shop's tasks are not alone without: the database, and what goes wrong with either. */
export interface Backend {
  readonly postgres: Postgres;
  /** The environment of every task. */
  settings(gatewayUrl: string): Readonly<Record<string, string>>;
  close(): Promise<void>;
}

interface BackendOptions {
  readonly directory: string;
  readonly truth: Truth;
  readonly ports: DatabasePorts | undefined;
  readonly faults: readonly {
    readonly shop?: ShopFault;
    readonly database?: (faults: DatabaseFaults) => Promise<void>;
    readonly account?: (environment: Environment) => Promise<void>;
  }[];
  /** What points AWS clients at the sandbox, once it is up. */
  readonly environment: () => Environment;
}

type Environment = Readonly<Record<string, string>>;

/** Starts the database. Faults of it and of the account begin as soon as a bad release has started, those of the shop when its code says. */
export async function startBackend(options: BackendOptions): Promise<Backend> {
  const { directory, truth, ports, faults, environment } = options;
  const postgres = await startPostgres({ directory, truth, ports });
  const databaseUrl = serverUrl(postgres.ports.primary, ACCOUNTS.shop);
  const shopFaults = faults.flatMap(({ shop }) => shop ?? []);
  const begun = faults.flatMap(({ database, account }) => [
    ...(database ? [() => database(postgres.faults)] : []),
    ...(account ? [() => account(environment())] : []),
  ]);
  const armedAt = shopFaults.length + begun.length > 0 ? { SHOP_FAULTS_SINCE: String(Date.now()) } : {};
  const watch = begun.length > 0 ? await onBadRelease(databaseUrl, begin) : undefined;
  return {
    postgres,
    settings: (gatewayUrl) => ({
      DATABASE_URL: databaseUrl,
      QUEUE_URL: `${gatewayUrl}/${ACCOUNT}/${QUEUE}`,
      SHOP_FAULTS: shopFaults.join(),
      ...armedAt,
    }),
    async close() {
      await watch?.close();
      await postgres.close();
    },
  };

  function begin(): void {
    for (const begins of begun)
      begins().catch((error: Error) => truth('fault-failed', { reason: error.message }));
  }
}

/** Starts the servers of a directory, says where they are, and stays until it is killed. */
import { startPostgres } from '../../../../sandbox/postgres/start.ts';

const { primaryUrl, ports } = await startPostgres({ directory: process.argv[2] ?? '', truth: () => {} });
process.send?.({ primaryUrl, ports });
process.once('disconnect', () => process.exit(1));

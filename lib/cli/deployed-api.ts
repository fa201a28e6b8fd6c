import { signedRequests } from '../adapters/aws/wiring/people.ts';
import { safe } from '../report/text.ts';
import { type CliContext, EXIT, UsageError } from './command.ts';
import { attach } from './running.ts';
import { useSandbox } from './settings.ts';

/** The option by which a command is told where the deployed API is. */
export const API = { api: { type: 'string' } } as const;

export interface Answered {
  readonly status: number;
  readonly body: unknown;
}

/** The API of the deployed stack, called in the name of whoever calls the command. */
export interface DeployedApi {
  get(path: string): Promise<Answered>;
  post(path: string, body: object, headers?: Readonly<Record<string, string>>): Promise<Answered>;
}

/** Where the API is: as --api or DRILL_API_URL tell, or that of the sandbox that is up in this directory. */
export async function apiUrl(
  { directory, environment }: CliContext,
  values: Readonly<Record<string, unknown>>,
): Promise<URL> {
  const given = (values.api as string | undefined) ?? environment.DRILL_API_URL;
  if (given !== undefined) return checked(given);
  const running = await attach(directory);
  if (!running)
    throw new UsageError(
      'Where is the API? Give --api URL or set DRILL_API_URL: it is the output ApiUrl of the stack, like https://ID.execute-api.us-east-1.amazonaws.com.',
    );
  useSandbox(running.environment);
  return new URL(running.apiUrl);
}

export function deployedApi(base: URL): DeployedApi {
  const send = signedRequests();
  return {
    get: async (path) => answered(await send({ method: 'GET', url: new URL(path, base), headers: ACCEPT })),
    async post(path, body, headers = {}) {
      const sent = { ...ACCEPT, 'content-type': 'application/json', ...headers };
      const url = new URL(path, base);
      return answered(await send({ method: 'POST', url, headers: sent, body: JSON.stringify(body) }));
    },
  };
}

/** What went wrong, in the words of the API. */
export function problemIn({ status, body }: Answered, asked: string): UsageError {
  const {
    detail,
    message,
    errors = [],
  } = (body ?? {}) as {
    detail?: string;
    message?: string;
    errors?: readonly { field: string; message: string }[];
  };
  const fields = errors.map((error) => `${error.field} ${error.message}`).join('; ');
  const said = [detail ?? message ?? 'nothing', fields].filter(Boolean).join(': ');
  const remedy = status === 403 ? ` ${FORBIDDEN}` : '';
  const exit = status === 400 ? EXIT.usage : EXIT.fault;
  return new UsageError(`The API answered ${asked} with ${status}: ${safe(said, 1_000)}.${remedy}`, exit);
}

const ACCEPT = { accept: 'application/json' } as const;
const FORBIDDEN = 'Your credentials need execute-api:Invoke on it, and must not have expired.';
const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** What is signed can be sent again for minutes by whoever reads it on the way. */
function checked(given: string): URL {
  const url = URL.parse(given);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname))) return url;
  throw new UsageError(
    `--api: must be an https URL, or one of this machine; received '${safe(given, 200)}'.`,
  );
}

async function answered(response: Response): Promise<Answered> {
  const text = await response.text();
  try {
    return { status: response.status, body: JSON.parse(text) as unknown };
  } catch {
    return { status: response.status, body: null };
  }
}

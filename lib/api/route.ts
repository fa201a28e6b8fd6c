import * as v from 'valibot';
import type { Vouched } from '../drill/people/identity.ts';
import type { DrillStarts } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import type { DrillIndex, Receipts } from '../ports/receipts.ts';
import type { StatisticsStore } from '../ports/statistics.ts';
import type { PathReader } from '../ports/target.ts';
import { chosen } from './accept.ts';
import type { Request } from './event.ts';
import { type Fields, fields, invalid, read, readBody, readQuery } from './fields.ts';
import { decoded, type Path, type PathParameter, parametersOf } from './paths.ts';
import { type Problem, type ProblemName, problem } from './problem.ts';
import type { Reply } from './reply.ts';

export interface ApiPorts extends Pick<Ports, 'announcer' | 'clock' | 'journal' | 'plans' | 'waits'> {
  readonly receipts: Pick<Receipts, 'find'>;
  readonly statistics: Pick<StatisticsStore, 'read' | 'page'>;
  readonly drills: DrillIndex;
  readonly starts: DrillStarts;
  readonly pathNow: PathReader;
}

/** A request whose every part was read. */
export interface Asked<Query, Body> {
  readonly path: Readonly<Record<PathParameter, string>>;
  readonly query: Query;
  readonly body: Body;
  readonly headers: Readonly<Record<string, string>>;
  readonly caller: Vouched;
  /** What the client takes, of what the route offers. */
  readonly accepted: MediaType;
}

export type MediaType = 'application/json' | 'text/markdown' | 'text/html';

interface Declared<Query extends Fields, Body extends Fields> {
  readonly operation: string;
  readonly method: 'GET' | 'POST';
  readonly path: Path;
  readonly summary: string;
  readonly query: Query;
  /** Of `POST` only. */
  readonly body: Body;
  readonly offers?: readonly MediaType[];
  /** Headers that it reads beside the usual ones, in lower case, and what they are for. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What it answers when all goes well. */
  readonly success: { readonly status: 200 | 202; readonly description: string; readonly schema: Fields };
  /** What else it answers, beside what every request may be answered. */
  readonly problems: readonly ProblemName[];
  readonly answer: (
    ports: ApiPorts,
    asked: Asked<v.InferOutput<Query>, v.InferOutput<Body>>,
  ) => Promise<Reply | Problem>;
}

/** One row of the table of routes: what is documented of it, and how it answers. */
export interface Route extends Omit<Declared<Fields, Fields>, 'answer' | 'offers'> {
  readonly offers: readonly MediaType[];
  readonly run: (ports: ApiPorts, request: Called) => Promise<Reply | Problem>;
}

/** A request of somebody who has signed it, with the parameters of its path as they were sent. */
export interface Called extends Request {
  readonly caller: Vouched;
  readonly parameters: Readonly<Record<string, string>>;
}

export const NOTHING = fields({});

/** Every request may be answered so; a request with a body, a path with parameters or a form to choose also otherwise. */
export function problemsOf({ problems, method }: Pick<Route, 'problems' | 'method'>): readonly ProblemName[] {
  const always: readonly ProblemName[] = ['invalid-request', 'forbidden', 'not-acceptable', 'internal-fault'];
  const ofBodies: readonly ProblemName[] = ['body-too-large', 'unsupported-media-type'];
  return [...new Set([...always, ...(method === 'POST' ? ofBodies : []), ...problems])];
}

/** Reads every part of a request before anything is asked of the records. */
export function route<Query extends Fields, Body extends Fields>(declared: Declared<Query, Body>): Route {
  const { answer, offers = ['application/json'], ...rest } = declared;
  return {
    ...rest,
    offers,
    async run(ports, request) {
      const accepted = chosen(offers, request.headers.accept);
      if (!accepted) return notAcceptable(request, offers);
      const path = pathOf(declared.path, request);
      if (path.kind === 'problem') return path;
      const query = readQuery(declared.query, request.query);
      if (query.kind === 'problem') return query;
      const body = bodyOf(declared, request);
      if (body.kind === 'problem') return body;
      const { headers, caller } = request;
      return answer(ports, {
        path: path.value,
        query: query.value,
        body: body.value,
        headers,
        caller,
        accepted,
      });
    },
  };
}

/** Names of targets are those of AWS. A longer key the table does not have. */
const Target = v.pipe(
  v.string(),
  v.regex(
    /^[\x21-\x7e]{1,600}$/,
    'is no name of a target: 1 to 600 printable characters, such as ecs:CLUSTER/SERVICE',
  ),
);

const DrillId = v.pipe(
  v.string(),
  v.regex(/^[^\p{C}\s/]{1,80}$/u, 'is no id of a drill: 1 to 80 characters without spaces or slashes'),
);

/** By the name of the parameter. */
export const PARAMETERS = { target: Target, id: DrillId } as const satisfies Record<PathParameter, Fields>;

function pathOf(pattern: Path, { parameters }: Called) {
  const values: Record<PathParameter, string> = { target: '', id: '' };
  for (const name of parametersOf(pattern)) {
    const sent = decoded(parameters[name] ?? '');
    if (sent === undefined)
      return invalid([{ in: 'path', field: name, message: 'is not percent-encoded UTF-8' }]);
    const value = read(v.object({ [name]: PARAMETERS[name] }), { [name]: sent }, 'path');
    if (value.kind === 'problem') return value;
    values[name] = sent;
  }
  return { kind: 'read', value: values } as const;
}

function bodyOf<Query extends Fields, Body extends Fields>(
  { method, body: schema }: Declared<Query, Body>,
  { body, headers }: Request,
) {
  return method === 'GET' ? read(schema, {}, 'body') : readBody(schema, body, headers['content-type']);
}

function notAcceptable({ headers }: Request, offers: readonly MediaType[]): Problem {
  return problem(
    'not-acceptable',
    `Accept is '${(headers.accept ?? '').slice(0, 200)}'; on offer: ${offers.join(', ')}.`,
  );
}

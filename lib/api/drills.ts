import { html } from '../report/html.ts';
import { markdown } from '../report/markdown.ts';
import { drillNow, findDrill } from '../steps/answers/drill.ts';
import { fields } from './fields.ts';
import { DrillView, ReceiptOrRecord } from './forms.ts';
import { problem } from './problem.ts';
import { json, type Reply } from './reply.ts';
import { type MediaType, NOTHING, type Route, route } from './route.ts';
import { unknownDrill } from './running.ts';

type Sealed = Parameters<typeof markdown>[0];

export const DRILL_ROUTES: readonly Route[] = [
  route({
    operation: 'readDrill',
    method: 'GET',
    path: '/drills/{id}',
    summary: 'Where a drill is, and what people are asked for.',
    query: fields({}),
    body: NOTHING,
    success: { status: 200, description: 'The drill, running or over.', schema: DrillView },
    problems: ['not-found', 'unavailable'],
    async answer(ports, { path: { id } }) {
      const found = await findDrill(ports, id);
      return found ? json(drillNow(found)) : unknownDrill(id);
    },
  }),
  route({
    operation: 'readReceipt',
    method: 'GET',
    path: '/drills/{id}/receipt',
    summary: 'The sealed receipt of a drill, or the small record of one that touched nothing.',
    query: fields({}),
    body: NOTHING,
    offers: ['application/json', 'text/markdown', 'text/html'],
    success: {
      status: 200,
      description: 'The document as it was sealed, or a page made of it.',
      schema: ReceiptOrRecord,
    },
    problems: ['not-found', 'conflict', 'unavailable'],
    async answer(ports, { path: { id }, accepted }) {
      const found = await findDrill(ports, id);
      if (!found) return unknownDrill(id);
      if (found.kind === 'over') return receiptAs(accepted, found.record);
      return problem(
        'conflict',
        `Drill ${id} is not over: there is no receipt yet. GET /drills/${id} tells where it is.`,
      );
    },
  }),
];

function receiptAs(type: MediaType, record: Sealed): Reply {
  switch (type) {
    case 'application/json':
      return json(record);
    case 'text/markdown':
      return page(type, markdown(record));
    case 'text/html':
      return page(type, html(record), { 'content-security-policy': INERT });
    default:
      return type satisfies never;
  }
}

/** The page needs nothing but its own style; whatever got into it must not run, load or send anything. */
const INERT = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; sandbox";

function page(type: MediaType, body: string, headers: Reply['headers'] = {}): Reply {
  return {
    kind: 'reply',
    status: 200,
    headers: { 'content-type': `${type}; charset=utf-8`, vary: 'accept', ...headers },
    body,
  };
}

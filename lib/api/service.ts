import { iso } from '../drill/clock.ts';
import { fields } from './fields.ts';
import { Document, Health } from './forms.ts';
import document from './openapi.json' with { type: 'json' };
import { json } from './reply.ts';
import { NOTHING, type Route, route } from './route.ts';

export const SERVICE_ROUTES: readonly Route[] = [
  route({
    operation: 'readHealth',
    method: 'GET',
    path: '/health',
    summary: 'Whether the API can reach its records.',
    query: fields({}),
    body: NOTHING,
    success: { status: 200, description: 'It can.', schema: Health },
    problems: ['unavailable'],
    async answer({ statistics, clock }) {
      await statistics.page({ limit: 1, after: null });
      return json({ status: 'ok', at: iso(clock.now()) });
    },
  }),
  route({
    operation: 'readDocument',
    method: 'GET',
    path: '/openapi.json',
    summary: 'This document.',
    query: fields({}),
    body: NOTHING,
    success: { status: 200, description: 'An OpenAPI 3.1 document.', schema: Document },
    problems: [],
    answer: async () => json(document),
  }),
];

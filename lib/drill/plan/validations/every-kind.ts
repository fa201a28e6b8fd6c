import * as v from 'valibot';
import type { ValidationKind } from '../../validation.ts';
import { wrong } from '../message.ts';
import { duration, name } from '../words.ts';

/** What every validation has, whatever its kind. */
export function common<const Kind extends ValidationKind>(kind: Kind, timeout = '30s') {
  return {
    name: v.pipe(name(), v.description('the name of the validation, unique in the plan')),
    kind: v.pipe(v.literal(kind), v.description('what is checked')),
    required: v.optional(v.pipe(required(), v.description('whether the drill can pass without it')), true),
    timeout: v.optional(v.pipe(duration('1s', '4m'), v.description('how long it may take')), timeout),
  };
}

function required() {
  return v.boolean(({ input }) => wrong('true or false', input));
}

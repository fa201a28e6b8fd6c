import { type HttpEvent, type HttpResult, requestFrom, resultFrom } from './event.ts';
import { shown } from './fields.ts';
import { matched } from './paths.ts';
import { type Problem, problem, problemReply } from './problem.ts';
import type { Reply } from './reply.ts';
import type { ApiPorts, Route } from './route.ts';

/** Answers a request by the first route that knows its path. A fault is the caller's to answer for: see `faultResult`. */
export async function respond(
  ports: ApiPorts,
  routes: readonly Route[],
  event: HttpEvent,
): Promise<HttpResult> {
  const request = requestFrom(event);
  const answered = await answerTo(ports, routes, event);
  return resultFrom(answered.kind === 'problem' ? problemReply(answered, request.id) : answered);
}

/** Says that the answer could not be made, and nothing of why: that is in the log of the request. */
export function faultResult(event: unknown, isTransient: boolean): HttpResult {
  const { requestContext } = (event ?? {}) as { requestContext?: { requestId?: unknown } };
  const id = typeof requestContext?.requestId === 'string' ? requestContext.requestId : 'unknown';
  const why = isTransient
    ? problem('unavailable', 'The records cannot be reached now. Try again in a few seconds.', {
        headers: { 'retry-after': '2' },
      })
    : problem('internal-fault', 'The answer could not be made; the log of this request says why.');
  return resultFrom(problemReply(why, id));
}

async function answerTo(
  ports: ApiPorts,
  routes: readonly Route[],
  event: HttpEvent,
): Promise<Reply | Problem> {
  const request = requestFrom(event);
  const { caller, path, method } = request;
  if (caller === null)
    return problem(
      'forbidden',
      'The request is not signed by anybody. Sign it with AWS Signature Version 4.',
    );
  const here = routes.flatMap((route) => {
    const parameters = matched(route.path, path);
    return parameters ? [{ route, parameters }] : [];
  });
  const found = here.find(({ route }) => route.method === method);
  if (found) return found.route.run(ports, { ...request, caller, parameters: found.parameters });
  if (here.length === 0)
    return problem('not-found', `There is nothing at ${shown(path)}; GET /openapi.json tells what there is.`);
  const allow = here.map(({ route }) => route.method).join(', ');
  return problem('method-not-allowed', `${shown(method)} is not allowed at ${shown(path)}; ${allow} is.`, {
    headers: { allow },
  });
}

import type { IncomingMessage } from 'node:http';
import { type Answer, AnswerTimeout, exchange } from './exchange.ts';
import { type Front, startFront } from './front.ts';
import { releaseOf } from './health.ts';
import type { Measures } from './measures.ts';
import type { Target, Targets } from './targets.ts';

/**
 * Sends each request to the next healthy target, once. 503 without a healthy target, 502 when the target drops the
 * connection, 504 when it does not answer in time.
 */
export function startLoadBalancer(
  targets: Targets,
  { port = 0, answerTimeoutMs = 30_000, learnt = () => {}, measures }: LoadBalancerOptions = {},
): Promise<Front> {
  const refuse = (status: number): Answer => {
    measures?.refused(status);
    return refusal(status);
  };
  return startFront({
    port,
    refuse,
    async answer(request, body) {
      const target = targets.next();
      if (!target) return refuse(503);
      measures?.chosen();
      target.requestsUnderWay += 1;
      const sentAt = performance.now();
      try {
        const answer = await exchange(questionFor(target, request, body), target.agent, answerTimeoutMs);
        measures?.answered(answer.status, performance.now() - sentAt);
        const release = releaseOf(answer) ?? target.release;
        if (release !== target.release) {
          target.release = release;
          learnt();
        }
        return answer;
      } catch (error) {
        return refuse(error instanceof AnswerTimeout ? 504 : 502);
      } finally {
        target.requestsUnderWay -= 1;
      }
    },
  });
}

export interface LoadBalancerOptions {
  readonly port?: number;
  readonly answerTimeoutMs?: number;
  /** Called when a target turns out to run another release than was known. */
  readonly learnt?: () => void;
  readonly measures?: Measures;
}

function questionFor(target: Target, request: IncomingMessage, body: Buffer) {
  const { method = 'GET', url = '/', headers, socket } = request;
  const forwardedFor = [headers['x-forwarded-for'], socket.remoteAddress].filter(Boolean).join(', ');
  return {
    port: target.port,
    method,
    path: url,
    headers: { ...headers, 'x-forwarded-for': forwardedFor, 'x-forwarded-proto': 'http' },
    body,
  };
}

const REASONS: Readonly<Record<number, string>> = {
  413: 'Request Entity Too Large',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};

function refusal(status: number): Answer {
  const headers = { server: 'awselb/2.0', 'content-type': 'text/html', 'cache-control': 'no-store' };
  return { status, headers, body: Buffer.from(`<h1>${status} ${REASONS[status]}</h1>\n`) };
}

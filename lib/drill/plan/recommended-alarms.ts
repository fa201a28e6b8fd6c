import * as v from 'valibot';
import { must, section } from './fields.ts';
import { wrong } from './message.ts';
import { duration, share } from './words.ts';

/** Which load balancer serves the target, so that alarms on what its users get can be made beside the plan. */
export function recommendedAlarms() {
  return section({
    loadBalancer: v.pipe(
      dimension({ form: /^app\/[A-Za-z0-9-]{1,32}\/[0-9a-f]{16}$/, name: 'LoadBalancer', example: BALANCER }),
      v.description(`the LoadBalancer dimension of its metrics, like ${BALANCER}`),
    ),
    targetGroup: v.pipe(
      dimension({
        form: /^targetgroup\/[A-Za-z0-9-]{1,32}\/[0-9a-f]{16}$/,
        name: 'TargetGroup',
        example: GROUP,
      }),
      v.description(`the TargetGroup dimension of its metrics, like ${GROUP}`),
    ),
    baseline: v.optional(
      v.pipe(
        section({
          p99: v.exactOptional(
            v.pipe(
              duration('1ms', '1m'),
              v.description(
                'the response time that 99 of 100 requests stay below on a usual day, like 250ms',
              ),
            ),
          ),
          errorRate: v.exactOptional(
            v.pipe(errorRate(), v.description('the share of 5xx answers on a usual day, like 0.1%')),
          ),
        }),
        v.description('what is usual; alarms that compare with it are made only when it is given'),
      ),
      {},
    ),
  });
}

const BALANCER = 'app/shop/50dc6c495c0c9188';
const GROUP = 'targetgroup/shop/6d0ecf831eec9f09';

interface Dimension {
  readonly form: RegExp;
  /** As CloudWatch calls it. */
  readonly name: string;
  readonly example: string;
}

/** People have the ARN at hand, and the dimension is in it. */
function dimension({ form, name, example }: Dimension) {
  const message = ({ input }: { readonly input: unknown }) =>
    wrong(
      `the ${name} dimension of an Application Load Balancer's metrics, like ${example}`,
      input,
      remedy(form, input),
    );
  return v.pipe(v.string(message), v.regex(form, message));
}

function remedy(form: RegExp, input: unknown): string {
  const resource = /^arn:[^:]*:elasticloadbalancing:[^:]*:[^:]*:(.*)$/.exec(String(input))?.[1];
  const found = resource?.replace(/^loadbalancer\//, '') ?? '';
  return form.test(found) ? `Write ${found}, which is in the ARN.` : '';
}

/** Five times nothing would be an alarm on any single error; five times a fifth can never be exceeded. */
function errorRate() {
  const message = must('a share above 0% and below 20%, like 0.1%');
  return v.pipe(
    share(20),
    v.check((value) => value > 0 && value < 0.2, message),
  );
}

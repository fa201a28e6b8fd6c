import * as v from 'valibot';
import { exactlyOneOf, listOf, mapOf, oneOf, section, text } from './fields.ts';
import { command } from './known-bad.ts';
import { duration, ecsName } from './words.ts';

type Written = v.InferOutput<ReturnType<typeof migration>>;

/** What the function hears from the drill itself. */
const SET_BY_THE_DRILL = ['drillId', 'round', 'reason'];

/** How the known-bad release's change of the database is taken back. */
export function migration() {
  return section({
    undo: v.pipe(
      exactlyOneOf({
        lambda: v.pipe(lambda(), v.description('a Lambda function that is invoked and waited for')),
        ecsTask: v.pipe(ecsTask(), v.description('an ECS task that is run until it has ended with code 0')),
      }),
      v.description('your own undo: {lambda: {function}} or {ecsTask: {cluster, taskDefinition}}'),
    ),
    when: v.optional(
      v.pipe(
        oneOf(['after-rollback', 'before-rollback']),
        v.description(
          'after-rollback: right after the rollback was called, beside the restoration; before-rollback: the rollback waits for it, and its time counts',
        ),
      ),
      'after-rollback',
    ),
    within: v.optional(v.pipe(duration('5s', '10m'), v.description('how long the undo may take')), '2m'),
  });
}

/** Gives it the names that the code uses. */
export function migrationOf({ undo, when, within: withinMs }: Written) {
  return { undo: undoOf(undo), when, withinMs };
}

function undoOf(undo: Written['undo']) {
  if ('ecsTask' in undo) return { kind: 'ecs-task' as const, ...undo.ecsTask };
  const { function: functionName, payload } = undo.lambda;
  return { kind: 'lambda' as const, functionName, payload };
}

function lambda() {
  const key = text(
    new RegExp(`^(?!(?:${SET_BY_THE_DRILL.join('|')})$)[^\\u0000-\\u001f\\u007f]{1,128}$`),
    `a key of 1 to 128 characters, but for ${SET_BY_THE_DRILL.join(', ')}, which the drill sets itself`,
  );
  return section({
    function: v.pipe(functionName(), v.description('its name or its ARN, with an alias if you like')),
    payload: v.optional(
      v.pipe(
        mapOf(key, v.unknown(), { least: 0, most: 50, what: 'keys' }),
        v.description('what it is told besides drillId, round and reason'),
      ),
      {},
    ),
  });
}

function ecsTask() {
  return section({
    cluster: v.pipe(ecsName(), v.description('the name of the cluster that it runs in')),
    taskDefinition: v.pipe(
      taskDefinition(),
      v.description('a registered task definition, family or family:revision, or its ARN'),
    ),
    subnets: v.exactOptional(
      v.pipe(
        listOf(ec2Id('subnet'), { least: 1, most: 16, what: 'subnets' }),
        v.description('its subnets; with them it runs on Fargate'),
      ),
    ),
    securityGroups: v.exactOptional(
      v.pipe(
        listOf(ec2Id('sg'), { least: 1, most: 5, what: 'security groups' }),
        v.description('its security groups'),
      ),
    ),
    container: v.exactOptional(
      v.pipe(ecsName(), v.description('the container whose exit code counts; every one when left out')),
    ),
    command: v.exactOptional(v.pipe(command(), v.description('what that container runs instead'))),
  });
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
function functionName() {
  return text(
    /^(?:arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:)?[A-Za-z0-9_-]{1,64}(?::(?:\$LATEST|[A-Za-z0-9_-]{1,128}))?$/,
    'the name or the ARN of a Lambda function, like shop-undo-migration',
  );
}

/** Without a revision it is the newest one. */
function taskDefinition() {
  return text(
    /^(?:arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:task-definition\/)?[A-Za-z0-9_-]{1,255}(?::[1-9]\d{0,8})?$/,
    'family, family:revision or the ARN of a task definition',
  );
}

function ec2Id(kind: 'subnet' | 'sg') {
  return text(new RegExp(`^${kind}-[0-9a-f]{8,17}$`), `the id of one, like ${kind}-0123456789abcdef0`);
}

import { safe } from '../../report/text.ts';
import type { FoundPipeline, FoundService } from './found.ts';
import { MOST_ALARMS, triggersText } from './triggers-text.ts';

export interface PlanFor {
  readonly name: string;
  readonly service: FoundService;
  /** `null` for a service that is deployed to directly. */
  readonly pipeline: FoundPipeline | null;
}

/**
 * A plan in YAML, with comments that say what to fill in. What cannot be read stands there as `${NAME}`, so that
 * `drill check` names everything that is missing.
 */
export function planText(plan: PlanFor): string {
  const { service, pipeline, name } = plan;
  return `${[
    ...opening(plan),
    ...(pipeline ? pipelineTarget(pipeline, service) : serviceTarget(service)),
    ...(pipeline ? pipelineRelease(pipeline) : serviceRelease(service)),
    ...smoke(service),
    ...triggersText(service, pipeline),
    ...rollback(service, pipeline),
    ...validations(service),
    ...ending(service, name),
  ].join('\n')}\n`;
}

function opening({ name }: PlanFor): readonly string[] {
  return [
    `# A rehearsal of the rollback of ${name}, begun by 'drill init' from what was found in the account.`,
    `# Fill in every ${fillIn('…')} (or set a variable of that name), read the rest, then: drill check THIS FILE`,
    '',
    'apiVersion: rollback-drill/v1',
    `name: ${name}`,
    `owner: ${fillIn('OWNER')} # the team that decides`,
    'tier: standard # or critical: restored within 5 minutes instead of 15',
    'environment: test # where it runs: test, staging, production or another word',
    '',
  ];
}

function serviceTarget({ cluster, service, tasks }: FoundService): readonly string[] {
  return [
    `# ${tasks} ${tasks === 1 ? 'task' : 'tasks'} as it was read.`,
    'target:',
    `  ecs: { cluster: ${cluster}, service: ${service} }`,
    '',
  ];
}

function pipelineTarget(found: FoundPipeline, { cluster, service }: FoundService): readonly string[] {
  const { pipeline, stage, nextStage, laterStages, obstacles } = found;
  return [
    ...obstacles.map((obstacle) => `# A drill would be refused: ${safe(obstacle)}.`),
    'target:',
    '  codepipeline:',
    `    pipeline: ${pipeline}`,
    `    stage: ${stage}`,
    ...(nextStage === null ? [] : [`    # smokeStage: ${nextStage} # if this stage tests what was deployed`]),
    `    ecs: { cluster: ${cluster}, service: ${service} }`,
    ...(laterStages.length === 0
      ? []
      : [
          '    # What the known-bad release must not get into; put back after the drill.',
          `    disableTransitions: [${laterStages.join(', ')}]`,
        ]),
    '',
  ];
}

function serviceRelease({ containers }: FoundService): readonly string[] {
  const [first, ...others] = containers;
  return [
    '# The release that is deployed on purpose: an image that is there and can be pulled, and that fails as a bad release of yours',
    '# would. Its name is what the smoke probe reads of it.',
    ...containers.map(({ name, image }) => `# ${safe(name)} runs ${safe(image, 300)}`),
    'knownBad:',
    '  default: known-bad',
    '  releases:',
    '    known-bad:',
    ...(others.length > 0
      ? [`      container: ${first?.name} # or ${others.map(({ name }) => name).join(', ')}`]
      : []),
    `      image: ${fillIn('KNOWN_BAD_IMAGE')}`,
    '      caughtBy: [smoke-red]',
    '',
  ];
}

function pipelineRelease({ variables, sources }: FoundPipeline): readonly string[] {
  const byVariable = variables.map(
    (name, index) => `        ${index === 0 ? '' : '# '}${name}: ${fillIn('KNOWN_BAD_VALUE')}`,
  );
  const [source] = sources;
  const bySource = source
    ? [
        `      sourceRevisions: [{ action: ${source.action}, type: ${source.type}, revision: "${fillIn('KNOWN_BAD_REVISION')}" }]`,
      ]
    : [
        `      variables: { VARIABLE: "${fillIn('KNOWN_BAD_VALUE')}" } # the pipeline has neither variables nor sources that can be chosen`,
      ];
  return [
    '# The release that is deployed on purpose, by what the pipeline is started with. Its name is what the smoke probe reads of it.',
    'knownBad:',
    '  default: known-bad',
    '  releases:',
    '    known-bad:',
    ...(byVariable.length > 0 ? ['      variables:', ...byVariable] : bySource),
    '      caughtBy: [smoke-red]',
    '',
  ];
}

function smoke({ targetGroupArn }: FoundService): readonly string[] {
  return [
    '# What users see: the uncached critical path, from outside.',
    ...(targetGroupArn === null
      ? ['# The service has no load balancer: give the address by which its users reach it.']
      : [
          '# The load balancer, whose address it may be:',
          `#   aws elbv2 describe-target-groups --target-group-arns ${safe(targetGroupArn, 300)} --query 'TargetGroups[].LoadBalancerArns[]'`,
          "#   aws elbv2 describe-load-balancers --load-balancer-arns ARN --query 'LoadBalancers[].DNSName'",
        ]),
    'smoke:',
    `  url: ${fillIn('SMOKE_URL')}`,
    '  release: { header: x-release } # where every answer tells which release gave it; or { json: $.release }',
    '  interval: 1s',
    '  timeout: 2s',
    '',
    'steadyState:',
    '  for: 1m',
    '  minimumSamples: 30',
    '',
  ];
}

function rollback({ rollsBackItself }: FoundService, pipeline: FoundPipeline | null): readonly string[] {
  const automatic = rollsBackItself
    ? ''
    : ' # ECS does not go back by itself here: its circuit breaker has no rollback';
  return [
    '# The ways back, in order of preference; one that does not apply is passed over.',
    'rollback:',
    '  paths:',
    `    - automatic${automatic}`,
    ...(pipeline ? ['    - codepipeline-rollback-stage', '    - codepipeline-redeploy'] : []),
    '    - ecs-stop-deployment',
    '    - ecs-previous-task-definition',
    '',
    'restored:',
    '  within: 10m',
    '',
  ];
}

function validations({ alarms }: FoundService): readonly string[] {
  const names = alarms.slice(0, MOST_ALARMS).map(({ name }) => JSON.stringify(name));
  return [
    '# What proves that the system is whole, not only that it answers. Add what your users do (synthetic-transaction), what your data',
    '# must look like (data-consistency, replica-schema), caches (cache-purge), sessions, and queues (background-work).',
    'validations:',
    '  - { name: one-version, kind: version-uniformity }',
    '  - { name: as-before, kind: configuration }',
    ...(names.length > 0
      ? [`  - { name: back-to-normal, kind: monitoring, alarms: [${names.join(', ')}] }`]
      : []),
    '  - { name: no-holes, kind: timeline }',
    '',
  ];
}

function ending({ targetGroup, loadBalancer, tasks }: FoundService, name: string): readonly string[] {
  return [
    'stabilise: 15m',
    '',
    '# More harm than this ends the drill: the target is restored at once.',
    'stopConditions:',
    '  maximumBadFor: 8m',
    '',
    '# What a rollback cannot undo: every request of this plan that writes, and what makes up for it.',
    'sideEffects: []',
    '',
    ...(targetGroup === null
      ? []
      : [
          '# Alarms that the stack makes on what the load balancer tells; a trigger watches one by its name.',
          '# recommendedAlarms:',
          `#   loadBalancer: ${loadBalancer ?? 'app/NAME/0123456789abcdef # the end of its ARN'}`,
          `#   targetGroup: ${targetGroup}`,
          '',
        ]),
    ...(tasks < 2 ? ['# With one task there is nothing that goes on serving while it is replaced.', ''] : []),
    `# Quarterly, once a drill of ${name} that was started by hand has passed. Deploying starts no drill.`,
    '# schedule: { expression: cron(0 10 ? JAN,APR,JUL,OCT TUE#1 *), timezone: Europe/Berlin }',
  ];
}

/** What `drill check` says is missing. */
function fillIn(name: string): string {
  return `\${${name}}`;
}

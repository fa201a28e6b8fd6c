import * as v from 'valibot';
import { listOf, mapOf, section, text } from './fields.ts';
import { wrongSecret } from './message.ts';
import { PIPELINE_RELEASE, pipelineRelease } from './pipeline-release.ts';
import { ecsName, line, name } from './words.ts';

/** The releases that are deployed on purpose; a drill takes the default one unless it is told another. */
export function knownBad() {
  return section({
    default: v.pipe(
      name(),
      v.description('the release that is deployed unless the drill is started with another one'),
    ),
    releases: v.pipe(
      mapOf(name(), release(), { least: 1, most: 20, what: 'releases' }),
      v.description(
        'the known-bad releases by name, each a taskDefinition, an override of the running one, or what a pipeline is started with',
      ),
    ),
  });
}

const WAYS = [
  ['taskDefinition'],
  ['image', 'environment', 'command', 'container'],
  PIPELINE_RELEASE,
] as const;

function release() {
  return v.pipe(
    section({
      taskDefinition: v.exactOptional(
        v.pipe(taskDefinition(), v.description('a registered task definition, family:revision or its ARN')),
      ),
      container: v.exactOptional(
        v.pipe(
          ecsName(),
          v.description('the container that the override changes; the only one when left out'),
        ),
      ),
      image: v.exactOptional(v.pipe(image(), v.description('the image to run instead'))),
      environment: v.exactOptional(
        v.pipe(variables(), v.description('environment variables to set or replace')),
      ),
      command: v.exactOptional(v.pipe(command(), v.description('the command to run instead'))),
      ...pipelineRelease(),
      release: v.exactOptional(
        v.pipe(
          line(128),
          v.description('the identity that the smoke probe reads; the name of the release when left out'),
        ),
      ),
      caughtBy: v.exactOptional(
        v.pipe(
          listOf(name(), { least: 0, most: 20, what: 'triggers' }),
          v.description('the triggers that should catch it; one that stays silent is a gap'),
        ),
      ),
    }),
    v.rawCheck(({ dataset, addIssue }) => {
      const given = new Set(Object.keys(dataset.value ?? {}));
      const ways = WAYS.map((way) => way.filter((key) => given.has(key))).filter(({ length }) => length > 0);
      if (ways.length > 1) {
        const received = ways.flat().join(', ');
        const message = `must be either a taskDefinition, or an override, or what a pipeline is started with; received ${received}. Keep one of them.`;
        addIssue({ message });
      } else if (ways.length === 0 || ways[0]?.join() === 'container') {
        const message =
          'must say what is bad about the release. Give a taskDefinition, or at least one of image, environment and command; for a pipeline, variables or sourceRevisions.';
        addIssue({ message });
      }
    }),
  );
}

function taskDefinition() {
  return text(
    /^(?:arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:task-definition\/)?[A-Za-z0-9_-]{1,255}:[1-9]\d{0,8}$/,
    'family:revision or the ARN of a task definition',
    'Without its revision it would mean another release after the next deployment.',
  );
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html */
function image() {
  return text(
    /^[A-Za-z0-9][A-Za-z0-9._:/@#-]{0,254}$/,
    'an image of at most 255 characters, like registry/shop:tag',
  );
}

function variables() {
  const key = text(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, "the name of a variable: letters, digits and '_'");
  const value = v.pipe(
    v.string(
      ({ input }) => `must be text; received ${JSON.stringify(input) ?? 'nothing'}. Write it in quotes.`,
    ),
    v.regex(/^[^\0]{0,4096}$/, ({ input }) => wrongSecret('text of at most 4096 characters', input)),
  );
  return mapOf(key, value, { least: 1, most: 100, what: 'variables' });
}

export function command() {
  return listOf(text(/^[^\0]{0,4096}$/, 'text of at most 4096 characters'), {
    least: 1,
    most: 64,
    what: 'words',
  });
}

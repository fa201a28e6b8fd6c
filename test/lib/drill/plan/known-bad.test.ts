import { describe, expect, test } from 'vitest';
import { changed, errorsOf } from './example.ts';

const NAME = "must be a name of 1 to 64 letters, digits, '-', '_' or '.' that begins with a letter or digit";
const FILES = 'It becomes part of resource and file names.';

describe.each<[part: string, cases: [from: string, to: string, ...errors: string[]][]]>([
  [
    'the target',
    [
      [
        'ecs: { cluster: main, service: web }',
        '{}',
        'target (line 6): must have exactly one of ecs or codepipeline; received none of them.',
      ],
      [
        'ecs: { cluster: main, service: web }',
        'ecs: [main, web]',
        'target.ecs (line 7): must be a mapping with the keys cluster, service; received a list of 2.',
      ],
      [
        'ecs: { cluster: main, service: web }',
        'ecs: { cluster: "a.b" }',
        `target.ecs.cluster (line 7): must be 1 to 255 letters, digits, '-' or '_'; received "a.b".`,
        'target.ecs.service (line 7): is missing. Give the name of the ECS service.',
      ],
    ],
  ],
  [
    'known-bad releases',
    [
      [
        "broken: { image: 'registry/web:broken' }",
        '{}',
        'knownBad.releases (line 10): must be a mapping with 1 to 20 releases; received 0.',
      ],
      [
        "broken: { image: 'registry/web:broken' }",
        'broken: { container: web }',
        'knownBad.releases.broken (line 11): must say what is bad about the release. Give a taskDefinition, or at least one of image, environment and command; for a pipeline, variables or sourceRevisions.',
      ],
      [
        "broken: { image: 'registry/web:broken' }",
        'broken: { taskDefinition: "web:3", image: x }',
        'knownBad.releases.broken (line 11): must be either a taskDefinition, or an override, or what a pipeline is started with; received taskDefinition, image. Keep one of them.',
      ],
      [
        "broken: { image: 'registry/web:broken' }",
        'broken: { taskDefinition: web }',
        'knownBad.releases.broken.taskDefinition (line 11): must be family:revision or the ARN of a task definition; received "web". Without its revision it would mean another release after the next deployment.',
      ],
      [
        "broken: { image: 'registry/web:broken' }",
        'broken: { image: "a b" }',
        'knownBad.releases.broken.image (line 11): must be an image of at most 255 characters, like registry/shop:tag; received "a b".',
      ],
      [
        "broken: { image: 'registry/web:broken' }",
        'broken: { environment: { A: 1, "b-c": x } }',
        'knownBad.releases.broken.environment.A (line 11): must be text; received 1. Write it in quotes.',
        `knownBad.releases.broken.environment.b-c (line 11): must be the name of a variable: letters, digits and '_'; received "b-c".`,
      ],
      [
        "broken: { image: 'registry/web:broken' }",
        'broken: { command: [] }',
        'knownBad.releases.broken.command (line 11): must be a list of 1 to 64 words; received an empty list.',
      ],
      [
        "broken: { image: 'registry/web:broken' }",
        "broken: { image: x }\n    'a b': { image: x }",
        `knownBad.releases["a b"] (line 12): ${NAME}; received "a b". ${FILES}`,
      ],
    ],
  ],
])('refuses wrong values in %s', (_, cases) => {
  test.each(cases)('%j → %j', (from, to, ...errors) => expect(errorsOf(changed([from, to]))).toEqual(errors));
});

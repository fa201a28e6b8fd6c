import * as v from 'valibot';
import { exactlyOneOf, listOf, section } from './fields.ts';
import { ecsName, pipelineName } from './words.ts';

/** What is drilled. */
export function target() {
  return exactlyOneOf({
    ecs: v.pipe(service(), v.description('an ECS service')),
    codepipeline: v.pipe(
      section({
        pipeline: v.pipe(pipelineName(), v.description('the name of the pipeline')),
        stage: v.pipe(pipelineName(), v.description('the deploy stage')),
        smokeStage: v.exactOptional(
          v.pipe(
            pipelineName(),
            v.description(
              'the stage that tests what was deployed; a release is healthy once it succeeded in it. The deploy stage when left out',
            ),
          ),
        ),
        ecs: v.exactOptional(
          v.pipe(
            service(),
            v.description(
              'the ECS service that the stage deploys to; found in its action when left out, but then it cannot be granted when the plan is deployed',
            ),
          ),
        ),
        disableTransitions: v.optional(
          v.pipe(
            listOf(pipelineName(), { least: 0, most: 20, what: 'stages' }),
            v.description(
              'stages behind the smoke stage that nothing may enter during the drill; put back as found',
            ),
          ),
          [],
        ),
      }),
      v.description('a CodePipeline pipeline and its deploy stage'),
    ),
  });
}

function service() {
  return section({
    cluster: v.pipe(ecsName(), v.description('the name of the ECS cluster')),
    service: v.pipe(ecsName(), v.description('the name of the ECS service')),
  });
}

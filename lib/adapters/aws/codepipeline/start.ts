import { StartPipelineExecutionCommand } from '@aws-sdk/client-codepipeline';
import { word } from '../migrations/shell.ts';
import type { Inputs } from './inputs.ts';
import type { Pipeline } from './target.ts';

/** Resolves with the id of the execution; asked again with the same token, it is the same one. */
export async function start(
  { codePipeline, target }: Pipeline,
  { variables, sourceRevisions }: Inputs,
  token: string,
): Promise<string> {
  const { pipelineExecutionId } = await codePipeline.send(
    new StartPipelineExecutionCommand({
      name: target.pipeline,
      clientRequestToken: tokenOf(token),
      ...(variables.length > 0 ? { variables: [...variables] } : {}),
      ...(sourceRevisions.length > 0 ? { sourceRevisions: [...sourceRevisions] } : {}),
    }),
  );
  return pipelineExecutionId ?? '';
}

export function startCommand({ target }: Pipeline, { variables, sourceRevisions }: Inputs): string {
  return [
    `aws codepipeline start-pipeline-execution --name ${target.pipeline}`,
    ...(variables.length > 0 ? [`--variables ${word(JSON.stringify(variables))}`] : []),
    ...(sourceRevisions.length > 0 ? [`--source-revisions ${word(JSON.stringify(sourceRevisions))}`] : []),
  ].join(' ');
}

const LONGEST_TOKEN = 128;

/** The end of an id tells more than its beginning. https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_StartPipelineExecution.html */
function tokenOf(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9-]/g, '-').slice(-LONGEST_TOKEN);
}

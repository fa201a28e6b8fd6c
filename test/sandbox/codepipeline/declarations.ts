import type { ActionDeclaration, PipelineDeclaration, StageDeclaration } from '@aws-sdk/client-codepipeline';

/** Pull → Render, then Ship → Check. */
export function shopPipeline(): PipelineDeclaration {
  return {
    name: 'shop',
    roleArn: 'arn:aws:iam::000000000000:role/pipeline',
    artifactStore: { type: 'S3', location: 'artifacts' },
    pipelineType: 'V2',
    executionMode: 'SUPERSEDED',
    variables: [{ name: 'image_tag', defaultValue: 'healthy' }],
    stages: [source(), deploy(), smoke()],
  };
}

export function source(): StageDeclaration {
  const pull = action('Pull', 'Source', 'S3', {
    outputArtifacts: [{ name: 'release' }],
    configuration: { S3Bucket: 'releases', S3ObjectKey: 'shop.zip' },
    namespace: 'pull',
  });
  return { name: 'Source', actions: [pull] };
}

export function deploy(onFailure?: StageDeclaration['onFailure']): StageDeclaration {
  const render = action('Render', 'Invoke', 'Lambda', {
    runOrder: 1,
    inputArtifacts: [{ name: 'release' }],
    outputArtifacts: [{ name: 'images' }],
    configuration: {
      FunctionName: 'render',
      UserParameters: '#{variables.image_tag} of #{pull.VersionId} in #{codepipeline.PipelineExecutionId}',
    },
  });
  const ship = action('Ship', 'Deploy', 'ECS', {
    runOrder: 2,
    inputArtifacts: [{ name: 'images' }],
    configuration: { ClusterName: 'demo', ServiceName: 'shop' },
  });
  return { name: 'Deploy', actions: [render, ship], ...(onFailure && { onFailure }) };
}

export function smoke(): StageDeclaration {
  return { name: 'Smoke', actions: [action('Check', 'Invoke', 'Lambda')] };
}

export function approval(): StageDeclaration {
  return { name: 'Approve', actions: [action('Somebody', 'Approval', 'Manual')] };
}

export function action(
  name: string,
  category: 'Source' | 'Deploy' | 'Invoke' | 'Approval' | 'Build',
  provider: string,
  more: Partial<ActionDeclaration> = {},
): ActionDeclaration {
  return { name, actionTypeId: { category, owner: 'AWS', provider, version: '1' }, ...more };
}

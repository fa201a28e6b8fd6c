import {
  CodePipelineClient,
  CreatePipelineCommand,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
  type PipelineDeclaration,
  RollbackStageCommand,
  StartPipelineExecutionCommand,
  type StartPipelineExecutionCommandInput,
  StopPipelineExecutionCommand,
  UpdatePipelineCommand,
} from '@aws-sdk/client-codepipeline';
import { expect } from 'vitest';
import type { ServiceEvent } from '../../../sandbox/aws/events.ts';
import { openJobs } from '../../../sandbox/codepipeline/jobs.ts';
import { type CodePipeline, startCodePipeline } from '../../../sandbox/codepipeline/service.ts';
import { serve } from '../fixtures/served.ts';
import { shopPipeline } from './declarations.ts';
import { scriptedActions } from './scripted-actions.ts';
import { until } from './until.ts';
import { judgedWire } from './wire.ts';

const pipelineName = 'shop';

/** A CodePipeline over a real socket. What goes over it has to agree with the model of the SDK. */
export async function pipelineAccount() {
  const events: ServiceEvent[] = [];
  const truths: object[] = [];
  const jobs = openJobs();
  const actions = scriptedActions();
  const open = (): CodePipeline =>
    startCodePipeline({
      directory: served.directory,
      providers: actions.providers,
      jobs,
      emit: (event) => void events.push(event),
      truth: (event, facts) => void truths.push({ event, ...facts }),
    });
  const wire = judgedWire((request) => service.endpoint(request));
  const served = await serve(() => ({ codepipeline: wire.endpoint }));
  let service = open();
  const client = new CodePipelineClient(served.configuration);
  return {
    ...actions,
    ...pipelineRequests(client),
    client,
    events,
    truths,
    jobs,
    operations: wire.operations,
    /** As when the sandbox was killed and starts again. */
    restart(): CodePipeline {
      service.close();
      service = open();
      return service;
    },
    async close(): Promise<void> {
      service.close();
      client.destroy();
      await served.close();
      expect(wire.wrong).toEqual([]);
    },
  };
}

export type PipelineAccount = Awaited<ReturnType<typeof pipelineAccount>>;

/** What tests ask of the pipeline `shop`, in few words. */
function pipelineRequests(client: CodePipelineClient) {
  return { ...changes(client), ...readings(client) };
}

function changes(client: CodePipelineClient) {
  const { executions, ended } = readings(client);
  /** With its first execution, which CreatePipeline starts. */
  const create = async (more: Partial<PipelineDeclaration> = {}): Promise<string> => {
    await client.send(new CreatePipelineCommand({ pipeline: { ...shopPipeline(), ...more } }));
    const [first] = await executions();
    return first?.pipelineExecutionId ?? '';
  };
  return {
    create,
    /** The same, and the first execution has succeeded. */
    async createReleased(more: Partial<PipelineDeclaration> = {}): Promise<string> {
      const id = await create(more);
      await ended(id, 'Succeeded');
      return id;
    },
    update: (more: Partial<PipelineDeclaration> = {}) =>
      client.send(new UpdatePipelineCommand({ pipeline: { ...shopPipeline(), ...more } })),
    async start(input: Partial<StartPipelineExecutionCommandInput> = {}): Promise<string> {
      const started = await client.send(new StartPipelineExecutionCommand({ name: pipelineName, ...input }));
      return started.pipelineExecutionId ?? '';
    },
    stop: (pipelineExecutionId: string, abandon = false, reason?: string) =>
      client.send(new StopPipelineExecutionCommand({ pipelineName, pipelineExecutionId, abandon, reason })),
    async rollBack(targetPipelineExecutionId: string, stageName = 'Deploy', name = pipelineName) {
      const { pipelineExecutionId = '' } = await client.send(
        new RollbackStageCommand({ pipelineName: name, stageName, targetPipelineExecutionId }),
      );
      return pipelineExecutionId;
    },
  };
}

function readings(client: CodePipelineClient) {
  const execution = async (pipelineExecutionId: string) => {
    const { pipelineExecution = {} } = await client.send(
      new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId }),
    );
    return pipelineExecution;
  };
  return {
    execution,
    ended: (id: string, status: string) =>
      until(async () => (await execution(id)).status === status, `${id} to be ${status}`),
    /** The newest first. */
    async executions(succeededInStage?: string) {
      const filter = succeededInStage ? { succeededInStage: { stageName: succeededInStage } } : undefined;
      const { pipelineExecutionSummaries = [] } = await client.send(
        new ListPipelineExecutionsCommand({ pipelineName, filter }),
      );
      return pipelineExecutionSummaries;
    },
    /** The newest first. */
    async actionsOf(pipelineExecutionId: string) {
      const { actionExecutionDetails = [] } = await client.send(
        new ListActionExecutionsCommand({ pipelineName, filter: { pipelineExecutionId } }),
      );
      return actionExecutionDetails;
    },
    async stage(stageName: string) {
      const { stageStates = [] } = await client.send(new GetPipelineStateCommand({ name: pipelineName }));
      const found = stageStates.find((stage) => stage.stageName === stageName);
      if (!found) throw new Error(`There is no stage ${stageName}.`);
      return found;
    },
  };
}

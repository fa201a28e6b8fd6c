import { arn } from '../aws/account.ts';
import { credentialOf } from '../aws/credential.ts';
import type { Emit } from '../aws/events.ts';
import { type Endpoint, type HttpRequest, jsonEndpoint } from '../aws/protocol.ts';
import { principalOf } from '../sts/principal.ts';
import type { Truth } from '../truth.ts';
import type { ActionProvider } from './action.ts';
import { openActions } from './actions.ts';
import { announcer } from './announce.ts';
import { answerOperations } from './answer-operations.ts';
import type { Context } from './context.ts';
import { openEndings } from './endings.ts';
import { openEngine } from './engine.ts';
import { executionOperations } from './execution-operations.ts';
import { historyOperations } from './history-operations.ts';
import { type Jobs, openJobs } from './jobs.ts';
import { pipelineOperations } from './pipeline-operations.ts';
import { interruptedIn, recover } from './recovery.ts';
import { openStore } from './store.ts';

export interface CodePipeline {
  /** AWS JSON 1.1; clients sign for `codepipeline`. */
  readonly endpoint: Endpoint;
  /** Fails what ran when an earlier process was killed, and lets go on what waited. Call once, when event rules are in place. */
  resume(): void;
  /** Leaves what is under way as a kill would: the next start finds it. */
  close(): void;
}

export interface CodePipelineOptions {
  /** What survives: pipelines, executions and their histories. */
  readonly directory: string;
  readonly providers: readonly ActionProvider[];
  /** Shared with the providers whose workers answer by PutJobSuccessResult and PutJobFailureResult. */
  readonly jobs?: Jobs;
  readonly emit: Emit;
  readonly truth?: Truth;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

export function startCodePipeline(options: CodePipelineOptions): CodePipeline {
  const { directory, providers, jobs = openJobs(), emit, truth = () => {}, now = Date.now } = options;
  const store = openStore(directory);
  const interrupted = interruptedIn(store);
  const announce = announcer(emit, truth);
  const actions = openActions({ store, providers, announce, now });
  const endings = openEndings({ store, announce, now });
  const engine = openEngine({ store, actions, announce, endings, now });
  const types = new Set(providers.map(({ category, provider }) => `${category}/${provider}`));
  const context: Context = { store, actions, announce, endings, engine, jobs, providers: types, now };
  return {
    endpoint: (request) => {
      const caller = callerOf(request);
      const operations = {
        ...pipelineOperations(context, caller),
        ...executionOperations(context, caller),
        ...historyOperations(context),
        ...answerOperations(context, caller),
      };
      return jsonEndpoint(operations, '1.1')(request);
    },
    resume() {
      for (const id of interrupted) recover(context, id);
      for (const { name } of store.pipelines()) engine.flow(name);
    },
    close() {
      engine.close();
      actions.close();
    },
  };
}

function callerOf(request: HttpRequest): string {
  return principalOf(credentialOf(request)?.accessKeyId ?? '')?.Arn ?? arn('iam', 'anonymous');
}

import { expect, test } from 'vitest';
import type { Invocation } from '../../../../sandbox/aws/functions.ts';
import { AwsError } from '../../../../sandbox/aws/protocol.ts';
import type { ActionJob } from '../../../../sandbox/codepipeline/action.ts';
import { type JobResult, type Jobs, openJobs } from '../../../../sandbox/codepipeline/jobs.ts';
import { lambdaInvoke } from '../../../../sandbox/codepipeline/providers/lambda-invoke.ts';
import { jobWith } from './fixtures/job.ts';

const NOTHING: Invocation = { kind: 'result', payload: null };
const configuration = { FunctionName: 'checker', UserParameters: 'carefully' };

test('fails without the name of a function, and invokes none', async () => {
  const { run, events } = functionThat(() => NOTHING);
  expect(await run({ configuration: {} })).toMatchObject({ code: 'ConfigurationError' });
  expect(events).toEqual([]);
});

test('does not take what a function returns for its answer: without one the action fails at its limit', async () => {
  const { run } = functionThat(() => ({ kind: 'result', payload: { status: 'Succeeded' } }), 20);
  expect(await run()).toMatchObject({
    status: 'Failed',
    code: 'JobFailed',
    message: expect.stringContaining('checker failed to return a result'),
  });
});

test('fails when the function crashes', async () => {
  const { run } = functionThat(() => ({
    kind: 'function-error',
    errorType: 'TypeError',
    errorMessage: 'oh',
  }));
  expect(await run()).toMatchObject({
    code: 'JobFailed',
    message: 'The AWS Lambda function checker ended with TypeError: oh',
  });
});

test('fails when there is no such function', async () => {
  const { run } = functionThat(() => {
    throw new AwsError('ResourceNotFoundException', 'Function not found: checker');
  });
  expect(await run()).toMatchObject({ code: 'ConfigurationError' });
});

test('waits no longer for the function of an abandoned execution, whose late answer nobody takes', async () => {
  const abandoned = new AbortController();
  const { run, jobs } = functionThat(() => {
    abandoned.abort(new Error('abandoned'));
    return NOTHING;
  });
  const job = { id: 'job-1', signal: abandoned.signal };
  await expect(run(job)).rejects.toThrow('abandoned');
  expect(() => jobs.settle('job-1', { status: 'Succeeded', outputVariables: {} })).toThrow('job-1');
});

test('fails with what the function says', async () => {
  const { run } = functionThat((jobs, id) =>
    answer(jobs, id, { status: 'Failed', code: 'JobFailed', message: 'red' }),
  );
  expect(await run()).toEqual({ status: 'Failed', code: 'JobFailed', message: 'red' });
});

test('hands the job over as CodePipeline does, and succeeds when the function says so', async () => {
  const said = { status: 'Succeeded', summary: 'all well', outputVariables: { seen: '20' } } as const;
  const { run, events } = functionThat((jobs, id) => answer(jobs, id, said));
  const input = { name: 'in', bucket: 'artifacts', key: 'demo/in' };
  const output = { name: 'out', bucket: 'artifacts', key: 'demo/out' };
  expect(await run({ id: 'job-2', inputArtifacts: [input], outputArtifacts: [output] })).toEqual({
    status: 'Succeeded',
    externalExecutionSummary: 'all well',
    outputVariables: { seen: '20' },
  });
  const place = { type: 'S3', s3Location: { bucketName: 'artifacts', objectKey: 'demo/in' } };
  expect(events).toEqual([
    {
      'CodePipeline.job': {
        id: 'job-2',
        accountId: '000000000000',
        data: {
          actionConfiguration: { configuration },
          inputArtifacts: [{ name: 'in', revision: null, location: place }],
          outputArtifacts: [expect.objectContaining({ name: 'out' })],
          artifactCredentials: {
            accessKeyId: expect.any(String),
            secretAccessKey: expect.any(String),
            sessionToken: expect.any(String),
          },
        },
      },
    },
  ]);
});

test('asks a function again that wants to go on, with the token that it gave', async () => {
  const goesOn = { status: 'Succeeded', outputVariables: {}, continuationToken: 'half' } as const;
  const { run, events } = functionThat((jobs, id) =>
    answer(jobs, id, events.length === 1 ? goesOn : { status: 'Succeeded', outputVariables: {} }),
  );
  expect(await run()).toMatchObject({ status: 'Succeeded' });
  expect(events).toMatchObject([{}, { 'CodePipeline.job': { data: { continuationToken: 'half' } } }]);
});

function answer(jobs: Jobs, id: string, result: JobResult): Invocation {
  jobs.settle(id, result);
  return NOTHING;
}

/** A function that does as is said when it is invoked with a job. */
function functionThat(does: (jobs: Jobs, jobId: string) => Invocation, answerWithinMs = 10_000) {
  const jobs = openJobs();
  const events: unknown[] = [];
  const invokeFunction = async (name: string, event: unknown): Promise<Invocation> => {
    expect(name).toBe('checker');
    events.push(event);
    return does(jobs, (event as { 'CodePipeline.job': { id: string } })['CodePipeline.job'].id);
  };
  const provider = lambdaInvoke({ invokeFunction, jobs, answerWithinMs, continueAfterMs: 1 });
  const run = (facts: Partial<ActionJob> = {}) => provider.run(jobWith({ configuration, ...facts }));
  return { run, events, jobs };
}

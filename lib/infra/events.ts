import { Duration } from 'aws-cdk-lib';
import { Rule, type RuleProps } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { TargetArns } from './targets.ts';

/** A late event is of no use: the witness has read the target by then. */
const FRESH = Duration.minutes(5);

/**
 * What happens to the services and pipelines that plans name, and to the alarms that their triggers name, wakes ObserveEvent. There is no
 * rule that has nothing to look at.
 */
export function observedEvents(scope: Construct, targets: TargetArns, observeEvent: Lambda): void {
  observeEvent.configureAsyncInvoke({ maxEventAge: FRESH, retryAttempts: 2 });
  const wakes = [new LambdaFunction(observeEvent, { maxEventAge: FRESH, retryAttempts: 4 })];
  for (const [id, { of, ...rule }] of Object.entries(rulesFor(targets)))
    if (of.length > 0) new Rule(scope, id, { ...rule, targets: wakes });
}

/** A drill that did not end well wakes the watchdog, for as long as it takes; what never reaches it is kept. */
export function endingEvents(
  scope: Construct,
  drill: StateMachine,
  watchdog: Lambda,
  undelivered: Queue,
): void {
  watchdog.configureAsyncInvoke({ retryAttempts: 2, onFailure: new SqsDestination(undelivered) });
  new Rule(scope, 'DrillsThatDidNotEndWell', {
    description: 'Rollback drills that failed, ran out of time or were stopped',
    eventPattern: {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'], stateMachineArn: [drill.stateMachineArn] },
    },
    targets: [new LambdaFunction(watchdog, { deadLetterQueue: undelivered })],
  });
}

interface ObservedEvents extends Pick<RuleProps, 'description' | 'eventPattern'> {
  /** Without any, no event can match. */
  readonly of: readonly string[];
}

function rulesFor(targets: TargetArns): Record<string, ObservedEvents> {
  const { services, clusters, taskGroups, pipelines, alarms } = targets;
  return {
    DeploymentEvents: {
      of: services,
      description: 'Deployments of the services that rollback drills exercise',
      eventPattern: {
        source: ['aws.ecs'],
        detailType: ['ECS Deployment State Change'],
        resources: [...services],
      },
    },
    TaskEvents: {
      of: taskGroups,
      description: 'Tasks that have stopped, of the services whose failed tasks rollback drills count',
      eventPattern: {
        source: ['aws.ecs'],
        detailType: ['ECS Task State Change'],
        detail: { clusterArn: [...clusters], group: [...taskGroups], lastStatus: ['STOPPED'] },
      },
    },
    PipelineEvents: {
      of: pipelines.all,
      description: 'Executions of the pipelines that rollback drills exercise, and of their stages',
      eventPattern: {
        source: ['aws.codepipeline'],
        detailType: ['Pipeline', 'Stage'].map((part) => `CodePipeline ${part} Execution State Change`),
        resources: [...pipelines.all],
      },
    },
    ActionEvents: {
      of: pipelines.ofActions,
      description:
        'Actions that have failed, of the pipelines whose failed actions rollback drills look out for',
      eventPattern: {
        source: ['aws.codepipeline'],
        detailType: ['CodePipeline Action Execution State Change'],
        resources: [...pipelines.ofActions],
        detail: { state: ['FAILED'] },
      },
    },
    AlarmEvents: {
      of: alarms,
      description: 'Alarms that are triggers of rollback drills, when they go to ALARM',
      eventPattern: {
        source: ['aws.cloudwatch'],
        detailType: ['CloudWatch Alarm State Change'],
        resources: [...alarms],
        detail: { state: { value: ['ALARM'] } },
      },
    },
  };
}

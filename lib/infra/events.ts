import { Duration } from 'aws-cdk-lib';
import { type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { portions } from './portions.ts';
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
  for (const [id, { of, description, patternFor }] of Object.entries(rulesFor(targets)))
    for (const [index, part] of portions(of, MOST_CHARACTERS).entries())
      new Rule(scope, index === 0 ? id : `${id}${index + 1}`, {
        description,
        eventPattern: patternFor([...part]),
        targets: wakes,
      });
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

/** Patterns have at most 2,048; more names than fit are looked at by more rules. */
const MOST_CHARACTERS = 1_500;

interface ObservedEvents {
  /** Without any, no event can match. */
  readonly of: readonly string[];
  readonly description: string;
  readonly patternFor: (of: string[]) => EventPattern;
}

function rulesFor(targets: TargetArns): Record<string, ObservedEvents> {
  const { services, clusters, taskGroups, pipelines, alarms } = targets;
  return {
    DeploymentEvents: {
      of: services,
      description: 'Deployments of the services that rollback drills exercise',
      patternFor: (resources) => ({
        source: ['aws.ecs'],
        detailType: ['ECS Deployment State Change'],
        resources,
      }),
    },
    TaskEvents: {
      of: taskGroups,
      description: 'Tasks that have stopped, of the services whose failed tasks rollback drills count',
      patternFor: (group) => ({
        source: ['aws.ecs'],
        detailType: ['ECS Task State Change'],
        detail: { clusterArn: [...clusters], group, lastStatus: ['STOPPED'] },
      }),
    },
    PipelineEvents: {
      of: pipelines.all,
      description: 'Executions of the pipelines that rollback drills exercise, and of their stages',
      patternFor: (resources) => ({
        source: ['aws.codepipeline'],
        detailType: ['Pipeline', 'Stage'].map((part) => `CodePipeline ${part} Execution State Change`),
        resources,
      }),
    },
    ActionEvents: {
      of: pipelines.ofActions,
      description:
        'Actions that have failed, of the pipelines whose failed actions rollback drills look out for',
      patternFor: (resources) => ({
        source: ['aws.codepipeline'],
        detailType: ['CodePipeline Action Execution State Change'],
        resources,
        detail: { state: ['FAILED'] },
      }),
    },
    AlarmEvents: {
      of: alarms,
      description: 'Alarms that are triggers of rollback drills, when they go to ALARM',
      patternFor: (resources) => ({
        source: ['aws.cloudwatch'],
        detailType: ['CloudWatch Alarm State Change'],
        resources,
        detail: { state: { value: ['ALARM'] } },
      }),
    },
  };
}

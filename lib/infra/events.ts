import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { TargetArns } from './targets.ts';

/** A late event is of no use: the witness has read the target by then. */
const FRESH = Duration.minutes(5);

/** Deployments of the services that plans name wake ObserveEvent. Without a plan there is no rule. */
export function deploymentEvents(scope: Construct, { services }: TargetArns, observeEvent: Lambda): void {
  observeEvent.configureAsyncInvoke({ maxEventAge: FRESH, retryAttempts: 2 });
  if (services.length === 0) return;
  new Rule(scope, 'DeploymentEvents', {
    description: 'Deployments of the services that rollback drills exercise',
    eventPattern: {
      source: ['aws.ecs'],
      detailType: ['ECS Deployment State Change'],
      resources: [...services],
    },
    targets: [new LambdaFunction(observeEvent, { maxEventAge: FRESH, retryAttempts: 4 })],
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

import { PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  StopExecutionCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { CreateDocumentCommand } from '@aws-sdk/client-ssm';
import { cloudWatch, ecs, scheduler, sfn, ssm } from '../../lib/adapters/aws/clients.ts';
import { startDrill } from '../../lib/adapters/aws/executions.ts';
import { deployResources } from '../../lib/cli/deployment.ts';
import { ARNS } from '../../lib/cli/settings.ts';
import type { DrillRequest } from '../../lib/ports/drills.ts';
import { FAILED_ORDERS, TARGET_GROUP } from './aws/shop.ts';
import { ALARM, CALENDAR, TRIGGER_ALARM } from './plan.ts';
import { HEALTHY, SERVICE } from './shop-account.ts';

/** What people do in the account, each with a client of their own. */
export interface Account {
  /** What a team has deployed long ago: the product, its service, and what the plan's guardrails look at. */
  deploy(): Promise<void>;
  /** Gives the drill's state machine another definition. */
  redefine(change: (definition: string) => string): Promise<void>;
  start(drillId: string, request: DrillRequest): Promise<void>;
  stop(drillId: string): Promise<void>;
  statusOf(drillId: string): Promise<string>;
  schedules(): Promise<readonly string[]>;
  /** The task definition to which the service steers. */
  steersTo(): Promise<string>;
}

const CONTAINER = {
  name: 'shop',
  image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/shop:healthy',
  portMappings: [{ containerPort: 80 }],
};
const OPEN_CALENDAR =
  'BEGIN:VCALENDAR\r\nPRODID:-//AWS//Change Calendar 1.0//EN\r\nVERSION:2.0\r\nX-CALENDAR-TYPE:DEFAULT_OPEN\r\nEND:VCALENDAR\r\n';

export function account(): Account {
  const clients = { ecs: ecs(), sfn: sfn(), scheduler: scheduler() };
  return {
    async deploy() {
      await deployResources();
      await service(clients.ecs);
      await surroundings();
    },
    async redefine(change) {
      const stateMachineArn = ARNS.drillMachine;
      const { definition = '' } = await clients.sfn.send(
        new DescribeStateMachineCommand({ stateMachineArn }),
      );
      const changed = change(JSON.stringify(JSON.parse(definition)));
      await clients.sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition: changed }));
    },
    async start(drillId, request) {
      await startDrill(clients.sfn, ARNS.drillMachine, drillId, request);
    },
    async stop(drillId) {
      const command = { executionArn: arnOf(drillId), error: 'Stopped', cause: 'by a person' };
      await clients.sfn.send(new StopExecutionCommand(command));
    },
    async statusOf(drillId) {
      const command = new DescribeExecutionCommand({ executionArn: arnOf(drillId) });
      return (await clients.sfn.send(command)).status ?? '';
    },
    async schedules() {
      const { Schedules = [] } = await clients.scheduler.send(new ListSchedulesCommand());
      return Schedules.map(({ Name = '' }) => Name);
    },
    async steersTo() {
      const { cluster, service: name } = SERVICE;
      const { services } = await clients.ecs.send(new DescribeServicesCommand({ cluster, services: [name] }));
      return services?.[0]?.taskDefinition ?? '';
    },
  };
}

async function service(client: ReturnType<typeof ecs>): Promise<void> {
  const { cluster, service: serviceName } = SERVICE;
  await client.send(new CreateClusterCommand({ clusterName: cluster }));
  await client.send(new RegisterTaskDefinitionCommand({ family: 'shop', containerDefinitions: [CONTAINER] }));
  await client.send(
    new CreateServiceCommand({
      cluster,
      serviceName,
      taskDefinition: HEALTHY,
      desiredCount: 2,
      loadBalancers: [{ targetGroupArn: TARGET_GROUP, containerName: 'shop', containerPort: 80 }],
      deploymentConfiguration: {
        maximumPercent: 200,
        minimumHealthyPercent: 100,
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
    }),
  );
}

async function surroundings(): Promise<void> {
  const calendar = { Name: CALENDAR, DocumentType: 'ChangeCalendar', DocumentFormat: 'TEXT' } as const;
  await ssm().send(new CreateDocumentCommand({ ...calendar, Content: OPEN_CALENDAR }));
  // Nothing measures these errors, so that the alarm keeps the state that it is given.
  await alarm(ALARM, 'Errors', 60);
  await alarm(TRIGGER_ALARM, FAILED_ORDERS, 30);
}

/** It is fine until its metric says something else. */
async function alarm(AlarmName: string, MetricName: string, Period: number): Promise<void> {
  await cloudWatch().send(
    new PutMetricAlarmCommand({
      AlarmName,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      MetricName,
      Namespace: 'Shop',
      Period,
      Statistic: 'Sum',
      Threshold: 1,
      TreatMissingData: 'ignore',
    }),
  );
  const fine = { AlarmName, StateValue: 'OK', StateReason: 'all is well' } as const;
  await cloudWatch().send(new SetAlarmStateCommand(fine));
}

function arnOf(drillId: string): string {
  return `${ARNS.drillMachine.replace(':stateMachine:', ':execution:')}:${drillId}`;
}

import type { DeployablePlan } from '../../lib/infra/plans.ts';
import { plan, RECOMMENDED, THROUGH_PIPELINE } from './plan.ts';

const DATABASE = { host: 'shop.example', database: 'shop', dialect: 'postgres' };
const NETWORK = { subnets: ['subnet-0123456789abcdef0'], securityGroups: ['sg-0123456789abcdef0'] };
const STEPS = [{ name: 'look', url: 'https://shop.example/' }];

/** Two plans that ask for everything that a plan can ask for: what is granted for them is all that is ever granted. */
export const COMPLETE_PLANS: readonly DeployablePlan[] = [
  plan({
    classification: 'migration',
    migration: { undo: { lambda: { function: 'shop-undo' } }, when: 'before-rollback' },
    schedule: { expression: 'cron(0 9 ? * TUE *)' },
    recommendedAlarms: RECOMMENDED,
    triggers: [
      { name: 'slow', observedBy: 'alarm', condition: 'shop-p99', action: 'roll-back', budget: '5m' },
      {
        name: 'crashing',
        observedBy: 'deployment-event',
        condition: '3 tasks failed',
        action: 'roll-back',
        budget: '5m',
      },
    ],
    detectWithin: '7m',
    databases: {
      shop: { ...DATABASE, credentials: { secretsManager: 'shop/db' }, network: NETWORK },
      orders: { ...DATABASE, credentials: { iam: { user: 'drill_reader' } } },
    },
    validations: [
      {
        name: 'buy',
        kind: 'synthetic-transaction',
        steps: STEPS,
        secrets: { robot: { secretsManager: 'shop/robot' }, key: { ssmParameter: '/shop/key' } },
      },
      { name: 'schema', kind: 'replica-schema', database: 'shop' },
      {
        name: 'data',
        kind: 'data-consistency',
        database: 'orders',
        assertions: [{ name: 'lost', sql: 'SELECT 1' }],
      },
      {
        name: 'edge',
        kind: 'cache-purge',
        cache: { cloudFront: { distribution: 'E2EXAMPLE1DIST' } },
        watch: [{ name: 'front', url: 'https://shop.example/', release: { header: 'x-release' } }],
      },
      { name: 'uniform', kind: 'version-uniformity' },
      { name: 'as-before', kind: 'configuration' },
      { name: 'done', kind: 'background-work', queues: [{ name: 'shop-orders' }] },
      {
        name: 'normal',
        kind: 'monitoring',
        alarms: ['shop-errors'],
        metrics: [{ name: 'orders', namespace: 'Shop', metric: 'Orders', stat: 'Sum' }],
      },
    ],
    sideEffects: [
      {
        endpoint: 'POST /orders',
        effect: 'an order',
        compensation: 'refund it',
        count: { sql: { database: 'orders', statement: 'SELECT count(*) FROM orders' } },
      },
    ],
    guardrails: { alarms: ['shop-errors'], changeCalendars: ['ops'] },
    notifications: { topicArn: 'arn:aws:sns:us-east-1:123456789012:on-call' },
  }),
  plan({
    ...THROUGH_PIPELINE,
    migration: {
      undo: { ecsTask: { cluster: 'tools', taskDefinition: 'flyway' } },
      when: 'after-rollback',
    },
    classification: 'migration',
    databases: { shop: { ...DATABASE, credentials: { secretsManager: 'shop/db' }, network: NETWORK } },
    validations: [{ name: 'schema', kind: 'replica-schema', database: 'shop' }],
  }),
];

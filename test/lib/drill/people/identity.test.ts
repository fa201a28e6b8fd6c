import { describe, expect, test } from 'vitest';
import { identityOf, isPerson, starterOf } from '../../../../lib/drill/people/identity.ts';

const ACCOUNT = '123456789012';
const SSO = 'AWSReservedSSO_Deployers_0123456789abcdef';

describe('nobody is vouched for who is', () => {
  test.each([
    ['a part of AWS itself', `arn:aws:sts::${ACCOUNT}:assumed-role/AWSServiceRoleForECS/ecs`],
    ['a service', 'states.amazonaws.com'],
    ['a role without a session', `arn:aws:iam::${ACCOUNT}:role/deployers`],
    ['a session of no role', `arn:aws:sts::${ACCOUNT}:assumed-role//alice`],
    ['a user without a name', `arn:aws:iam::${ACCOUNT}:user/`],
    ['another kind of resource', `arn:aws:iam::${ACCOUNT}:group/admins`],
    ['from no account', 'arn:aws:iam:::user/alice'],
    ['nothing at all', ''],
  ])('%s', (_, arn) => {
    expect(identityOf(arn)).toMatchObject({
      kind: 'refused',
      arn,
      reason: expect.stringContaining('IAM user'),
    });
  });
});

test.each([
  ['a user', `arn:aws:iam::${ACCOUNT}:user/alice`, 'user/alice'],
  ['a user below a path', `arn:aws:iam::${ACCOUNT}:user/platform/berlin/alice`, 'user/alice'],
  ['a user of another partition', `arn:aws-us-gov:iam::${ACCOUNT}:user/alice`, 'user/alice'],
  [
    'a user of IAM Identity Center',
    `arn:aws:sts::${ACCOUNT}:assumed-role/${SSO}/Ana@example.com`,
    'sso/ana@example.com',
  ],
  ['an assumed role', `arn:aws:sts::${ACCOUNT}:assumed-role/deployers/alice`, 'role/deployers'],
  ['a federated user', `arn:aws:sts::${ACCOUNT}:federated-user/bob`, 'federated-user'],
  ['root', `arn:aws:iam::${ACCOUNT}:root`, 'root'],
])('%s is vouched for', (_, arn, name) => {
  expect(identityOf(arn)).toEqual({ kind: 'vouched', identity: { name, arn } });
  expect(isPerson(name)).toBe(true);
});

describe('two sessions are never two people', () => {
  test.each([
    ['of one role', 'assumed-role/deployers/alice', 'assumed-role/deployers/bob'],
    ['of federated users, who name themselves', 'federated-user/alice', 'federated-user/bob'],
    [
      'of one person with two permission sets',
      `assumed-role/${SSO}/ana@example.com`,
      'assumed-role/AWSReservedSSO_ReadOnly_fedcba9876543210/ANA@example.com',
    ],
  ])('%s', (_, one, other) => {
    expect(nameOf(one)).toBe(nameOf(other));
  });

  test('of a role that only looks like one of IAM Identity Center', () => {
    expect(nameOf('assumed-role/AWSReservedSSO_mine/alice')).toBe('role/AWSReservedSSO_mine');
  });
});

test('two people with the same permission set are two', () => {
  expect(nameOf(`assumed-role/${SSO}/ana@example.com`)).not.toBe(
    nameOf(`assumed-role/${SSO}/bob@example.com`),
  );
});

test.each([
  ['schedule', { kind: 'schedule' }],
  ['user/alice', { kind: 'person', name: 'user/alice' }],
  [`arn:aws:iam::${ACCOUNT}:user/alice`, { kind: 'person', name: 'user/alice' }],
  ['the state machine', { kind: 'unknown' }],
  ['alice', { kind: 'unknown' }],
])('a drill that was started by %s', (startedBy, starter) => expect(starterOf(startedBy)).toEqual(starter));

test('parts of the product are no people', () => {
  expect(['watchdog', 'schedule', 'stop condition maximumBadFor'].filter(isPerson)).toEqual([]);
});

function nameOf(resource: string): string {
  const vouched = identityOf(`arn:aws:sts::${ACCOUNT}:${resource}`);
  return vouched.kind === 'vouched' ? vouched.identity.name : 'refused';
}

import { arn } from '../aws/account.ts';
import { AwsError } from '../aws/protocol.ts';
import { checkName, invalid } from './definition.ts';
import type { Group, Store } from './store.ts';
import type { RestOperation } from './wire.ts';

/** Throws ResourceNotFoundException. */
export function requireGroup(store: Store, name: string): string {
  if (store.groups.has(name)) return name;
  throw new AwsError('ResourceNotFoundException', `Schedule group ${name} does not exist.`, {
    statusCode: 404,
  });
}

export function groupOperations(
  store: Store,
  now: () => number,
): Readonly<Record<'create' | 'get' | 'delete' | 'list', RestOperation>> {
  return {
    create: (name) => {
      if (store.groups.has(checkName(name)))
        throw new AwsError('ConflictException', `Schedule group ${name} already exists.`, {
          statusCode: 409,
        });
      store.putGroup({ name, createdMs: now() });
      return { ScheduleGroupArn: arn('scheduler', `schedule-group/${name}`) };
    },
    get: (name) => {
      const group = store.groups.get(requireGroup(store, name));
      return group ? describe(group) : {};
    },
    delete: (name) => {
      if (name === 'default') throw invalid('The default schedule group cannot be deleted.');
      store.deleteGroup(requireGroup(store, name));
      return {};
    },
    list: (_name, _members, parameters) => {
      const prefix = parameters.get('NamePrefix') ?? '';
      const groups = [...store.groups.values()].filter(({ name }) => name.startsWith(prefix));
      return { ScheduleGroups: groups.map(describe) };
    },
  };
}

function describe({ name, createdMs }: Group): Record<string, unknown> {
  return {
    Arn: arn('scheduler', `schedule-group/${name}`),
    Name: name,
    State: 'ACTIVE',
    CreationDate: createdMs / 1000,
    LastModificationDate: createdMs / 1000,
  };
}

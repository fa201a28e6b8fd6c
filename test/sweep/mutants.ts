import type { HttpResponse } from '../../sandbox/aws/protocol.ts';
import type { Call } from './accidents.ts';
import type { Outgoing } from './process/network.ts';
import type { World } from './world.ts';

/** The product with something taken out, from outside: what the sweep must notice. */
export interface Mutant {
  /** Another definition of the drill's state machine. */
  readonly definition?: (text: string) => string;
  /** Whether a function is ever invoked. */
  readonly invokes?: (name: string) => boolean;
  /** What a call becomes on its way. */
  readonly sent?: (call: Call, request: Outgoing) => Outgoing;
  /** What an answer becomes on its way. */
  readonly answered?: (call: Call, response: HttpResponse) => HttpResponse;
  /** Happens when a state is entered. */
  readonly entered?: (phase: string, world: World) => unknown;
}

/** The product as it is. */
export const SOUND: Mutant = {};

/** Made anew for every drill. */
const MUTANTS = {
  'a fault ends the drill well': () => ({ definition: endingWell }),
  'no watchdog': () => ({ invokes: (name) => name !== 'Watchdog' }),
  'no fence': () => ({ sent: (call, request) => withoutFence(call, request) }),
  'nothing is read back': () => {
    const first = new Map<string, HttpResponse>();
    return {
      answered({ who, operation }, response) {
        if (who !== 'DeployKnownBad' || operation !== 'ecs.DescribeServices') return response;
        const before = first.get(operation) ?? response;
        first.set(operation, before);
        return before;
      },
    };
  },
  'alarms are never read again': () => {
    let first: HttpResponse | undefined;
    return {
      answered({ operation }, response) {
        if (operation !== 'cloudwatch.DescribeAlarms') return response;
        first ??= response;
        return first;
      },
    };
  },
  'the lock is released early': () => ({
    entered: (phase, world) => (phase === 'AwaitTrigger' ? release(world) : undefined),
  }),
} as const satisfies Record<string, () => Mutant>;

export type MutantName = keyof typeof MUTANTS;

export function mutantNamed(name: MutantName | undefined): Mutant {
  return name === undefined ? SOUND : MUTANTS[name]();
}

interface Definition {
  readonly States: Readonly<Record<string, { readonly Catch?: readonly object[] }>>;
}

function endingWell(text: string): string {
  const definition = JSON.parse(text) as Definition;
  const states = Object.entries(definition.States).map(([name, state]) => {
    const caught = state.Catch?.map((catcher) => ({ ...catcher, Next: 'Drilled' }));
    return [name, { ...state, ...(caught ? { Catch: caught } : {}) }];
  });
  return JSON.stringify({ ...definition, States: Object.fromEntries(states) });
}

interface Transaction {
  readonly TransactItems: readonly { readonly ConditionCheck?: object }[];
}

const ALWAYS = {
  ConditionExpression: 'attribute_exists(pk) OR attribute_not_exists(pk)',
  ExpressionAttributeNames: undefined,
  ExpressionAttributeValues: undefined,
};

/** Writes whoever holds the lock, and under which fence. */
function withoutFence({ operation }: Call, request: Outgoing): Outgoing {
  if (operation !== 'dynamodb.TransactWriteItems') return request;
  const written = JSON.parse(request.body.toString()) as Transaction;
  const TransactItems = written.TransactItems.map((item) =>
    item.ConditionCheck ? { ConditionCheck: { ...item.ConditionCheck, ...ALWAYS } } : item,
  );
  return { ...request, body: Buffer.from(JSON.stringify({ ...written, TransactItems })) };
}

async function release({ dynamo, endpoints }: World): Promise<void> {
  const lock = dynamo.items().find(({ pk }) => String(pk).startsWith('LOCK#'));
  const input = {
    TableName: 'rollback-drills',
    Key: { pk: { S: lock?.pk }, sk: { S: lock?.sk } },
    UpdateExpression: 'REMOVE heldBy, heldSince, leaseUntil',
  };
  await endpoints.dynamodb?.({
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: { 'x-amz-target': 'DynamoDB_20120810.UpdateItem' },
    body: Buffer.from(JSON.stringify(input)),
  });
}

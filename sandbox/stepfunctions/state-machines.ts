import { join } from 'node:path';
import { arn } from '../aws/account.ts';
import { AwsError } from '../aws/protocol.ts';
import { documentAt } from '../state.ts';
import type { Machine } from './asl.ts';
import { parseDefinition } from './definition.ts';
import { checkName } from './names.ts';

export interface StateMachine {
  readonly stateMachineArn: string;
  readonly name: string;
  readonly definition: string;
  readonly roleArn: string;
  readonly revisionId: string;
  /** Epoch milliseconds. */
  readonly creationDate: number;
  readonly updateDate: number;
}

export interface StateMachines {
  /** Throws `StateMachineDoesNotExist`. */
  get(stateMachineArn: string): StateMachine;
  list(): readonly StateMachine[];
  create(asked: { name: string; definition: string; roleArn: string }): StateMachine;
  update(stateMachineArn: string, changes: { definition?: string; roleArn?: string }): StateMachine;
  remove(stateMachineArn: string): void;
  /** Parsed once per revision. */
  machineOf(stateMachine: StateMachine): Machine;
}

type Stored = Readonly<Record<string, StateMachine>>;

export function stateMachinesAt(directory: string, now: () => number): StateMachines {
  const document = documentAt<Stored>(join(directory, 'state-machines.json'), {});
  const parsed = new Map<string, Machine>();
  let machines = document.read();
  const save = (machine: StateMachine): StateMachine => {
    machines = { ...machines, [machine.stateMachineArn]: machine };
    document.write(machines);
    return machine;
  };
  const get = (stateMachineArn: string): StateMachine => {
    const machine = Object.hasOwn(machines, stateMachineArn) ? machines[stateMachineArn] : undefined;
    if (!machine) throw doesNotExist(stateMachineArn);
    return machine;
  };
  return {
    get,
    list: () => Object.values(machines).sort((a, b) => b.creationDate - a.creationDate),
    create({ name, definition, roleArn }) {
      const stateMachineArn = arn('states', `stateMachine:${checkName(name)}`);
      parseDefinition(definition);
      const existing = machines[stateMachineArn];
      if (existing && !sameJson(existing.definition, definition)) throw alreadyExists(stateMachineArn);
      if (existing) return existing;
      const at = now();
      const dates = { creationDate: at, updateDate: at };
      return save({ stateMachineArn, name, definition, roleArn, revisionId: crypto.randomUUID(), ...dates });
    },
    update(stateMachineArn, changes) {
      const machine = get(stateMachineArn);
      if (changes.definition !== undefined) parseDefinition(changes.definition);
      parsed.delete(machine.revisionId);
      return save({ ...machine, ...changes, revisionId: crypto.randomUUID(), updateDate: now() });
    },
    remove(stateMachineArn) {
      const { [stateMachineArn]: _removed, ...others } = machines;
      machines = others;
      document.write(machines);
    },
    machineOf({ revisionId, definition }) {
      const machine = parsed.get(revisionId) ?? parseDefinition(definition);
      parsed.set(revisionId, machine);
      return machine;
    },
  };
}

function sameJson(one: string, other: string): boolean {
  return JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other));
}

function doesNotExist(stateMachineArn: string): AwsError {
  return new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`);
}

function alreadyExists(stateMachineArn: string): AwsError {
  return new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${stateMachineArn}'`);
}

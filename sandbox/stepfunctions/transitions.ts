import { isObject, type JsonRecord } from './definition-values.ts';
import type { Report } from './findings.ts';

/** Every target exists in the same machine, every state can be reached, and there is a way to end. */
export function checkTransitions(machine: JsonRecord, at: string, report: Report): void {
  const states = machine.States;
  if (!isObject(states)) return;
  const targets = [
    [machine.StartAt, `${at}/StartAt`] as const,
    ...Object.entries(states).flatMap(([name, state]) => targetsOf(state, `${at}/States/${name}`)),
  ];
  for (const [target, where] of targets)
    if (typeof target === 'string' && !Object.hasOwn(states, target))
      report(where, `Missing '${lastOf(where)}' target: ${target}`, 'MISSING_TRANSITION_TARGET');
  const reached = reachable(states, String(machine.StartAt));
  for (const name of Object.keys(states))
    if (!reached.has(name))
      report(`${at}/States/${name}`, `State "${name}" is not reachable.`, 'MISSING_TRANSITION_TARGET');
  if (!Object.values(states).some(ends))
    report(`${at}/States`, 'There is no state that ends the machine', 'MISSING_END_STATE');
}

function targetsOf(state: unknown, at: string): readonly (readonly [unknown, string])[] {
  if (!isObject(state)) return [];
  const own = ['Next', 'Default'].map((field) => [state[field], `${at}/${field}`] as const);
  const inLists = ['Catch', 'Choices'].flatMap((field) => {
    const list = state[field];
    if (!Array.isArray(list)) return [];
    return list.map((member, index) => {
      const next = isObject(member) ? member.Next : undefined;
      return [next, `${at}/${field}[${index}]/Next`] as const;
    });
  });
  return [...own, ...inLists];
}

function reachable(states: JsonRecord, start: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [start];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name) || !Object.hasOwn(states, name)) continue;
    reached.add(name);
    for (const [target] of targetsOf(states[name], '')) if (typeof target === 'string') waiting.push(target);
  }
  return reached;
}

function ends(state: unknown): boolean {
  if (!isObject(state)) return false;
  return state.End === true || state.Type === 'Succeed' || state.Type === 'Fail';
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

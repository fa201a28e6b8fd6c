import { compile } from './jsonata.ts';

/** What `$states` holds in a field: `result` after success, `errorOutput` in a catcher. */
export type Visible = 'input' | 'result' | 'errorOutput';

interface Node {
  readonly type?: string;
  readonly value?: unknown;
  readonly [member: string]: unknown;
}

/** Why AWS would refuse an expression that does parse; `undefined` when it would not. Throws when it does not parse. */
export function unsupportedIn(source: string, visible: Visible): string | undefined {
  return search(compile(source).ast() as Node, 'top', visible);
}

/** At the top level there is no input document, so only variables have a value; inside a path, a predicate or a group there is. */
type Context = 'top' | 'inside';

function search(node: Node, context: Context, visible: Visible): string | undefined {
  if (node.type === 'variable' && node.value === '$') return "Reference to '$$' is not supported.";
  if (node.type === 'variable' && node.value === 'eval') return "The function '$eval' is not supported.";
  if (context === 'top' && refersToInput(node))
    return `Reference to '${nameOf(node)}' at the top level is not supported.`;
  return hiddenMember(node, visible) ?? firstOf(childrenOf(node, context), visible);
}

function refersToInput({ type, value }: Node): boolean {
  if (type === 'variable') return value === '';
  return type === 'name' || type === 'wildcard' || type === 'descendant';
}

function nameOf({ type, value }: Node): string {
  return type === 'variable' ? '$' : String(value);
}

/** `$states.result` and `$states.errorOutput` have a value in their own fields only. */
function hiddenMember({ type, steps }: Node, visible: Visible): string | undefined {
  if (type !== 'path' || !Array.isArray(steps)) return undefined;
  const [variable, member] = steps as readonly Node[];
  if (variable?.type !== 'variable' || variable.value !== 'states') return undefined;
  const name = String(member?.value);
  if ((name !== 'result' && name !== 'errorOutput') || name === visible) return undefined;
  return `Reference to '$states.${name}' is not supported in this field.`;
}

function firstOf(children: readonly (readonly [Node, Context])[], visible: Visible): string | undefined {
  for (const [child, context] of children) {
    const found = search(child, context, visible);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Of a path only the first step is read at the level of the path; predicates, groups and sort terms are always inside. */
function childrenOf(node: Node, context: Context): readonly (readonly [Node, Context])[] {
  return Object.entries(node).flatMap(([member, value]) => {
    if (member === 'arguments' && node.type === 'lambda') return [];
    const inside = ['predicate', 'stages', 'group', 'terms', 'pattern', 'update', 'delete'].includes(member);
    return nodesIn(value).map((child, index) => {
      const later = member === 'steps' && index > 0;
      return [child, inside || later ? 'inside' : context] as const;
    });
  });
}

function nodesIn(value: unknown): readonly Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  return typeof value === 'object' && value !== null ? [value as Node] : [];
}

import { sentences } from './message.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export type Expanded =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'invalid'; readonly message: string };

/** `$${` stands for a plain `${`; the second alternative takes a whole `${…}`; the last one is left when a brace is missing. */
const REFERENCE = /\$\$\{|\$\{([^{}]*)\}|\$\{/g;
const FORM = /^([A-Za-z_][A-Za-z0-9_]{0,127})(?::-(.*))?$/s;
const MOST_REFERENCES = 100;
const ALLOWED = `Write \${NAME} or \${NAME:-default}, and $\${ for a plain \${.`;

/**
 * Replaces `${NAME}` and `${NAME:-default}` as a shell does: the default also stands in for an empty value. What comes in
 * is not looked at again, so a value cannot refer to another one.
 */
export function expand(text: string, environment: Environment): Expanded {
  const references = text.match(REFERENCE)?.length ?? 0;
  if (references > MOST_REFERENCES) {
    return {
      kind: 'invalid',
      message: `must have at most ${MOST_REFERENCES} references to the environment; received ${references}.`,
    };
  }
  const unset = new Set<string>();
  const malformed = new Set<string>();
  const expanded = text.replace(REFERENCE, (reference, inner?: string) => {
    if (reference === '$${') return '${';
    const [, name, fallback] = FORM.exec(inner ?? '') ?? [];
    if (name === undefined) malformed.add(reference);
    else {
      const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
      if (value !== undefined && (value !== '' || fallback === undefined)) return value;
      if (fallback !== undefined) return fallback;
      unset.add(name);
    }
    return '';
  });
  if (unset.size + malformed.size === 0) return { kind: 'text', text: expanded };
  return { kind: 'invalid', message: sentences(complaintOfUnset(unset), complaintOfMalformed(malformed)) };
}

function complaintOfUnset(names: ReadonlySet<string>): string {
  const [first] = names;
  if (first === undefined) return '';
  const which = names.size === 1 ? 'variable' : 'variables';
  return `needs the environment ${which} ${[...names].join(', ')}, which ${names.size === 1 ? 'is' : 'are'} not set. Set ${names.size === 1 ? 'it' : 'them'}, or give a default: \${${first}:-default}.`;
}

function complaintOfMalformed(references: ReadonlySet<string>): string {
  if (references.size === 0) return '';
  return `refers to the environment as ${[...references].join(', ')}. ${ALLOWED}`;
}

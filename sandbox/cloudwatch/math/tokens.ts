/** A text that is no metric math, or none that the sandbox has; the message says what it has. */
export class MathError extends Error {
  override readonly name = 'MathError';
}

const MOST_CHARACTERS = 1024;
const TOKEN = /\s*(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[A-Za-z][A-Za-z0-9_]*|>=|<=|==|!=|[-+*/()<>,[\]])/y;
const SUPPORTED =
  'numbers, ids, + - * / ( ), comparisons, IF(condition, a, b), FILL(m, value or REPEAT), MAX([a, b]), MIN([a, b]), SUM([a, b])';

/** Throws {@link MathError}. */
export function tokensOf(text: string): readonly string[] {
  if (text.length > MOST_CHARACTERS)
    throw new MathError(`An expression may have ${MOST_CHARACTERS} characters; this one has ${text.length}.`);
  const tokens: string[] = [];
  const pattern = new RegExp(TOKEN);
  const trimmed = text.trimEnd();
  while (pattern.lastIndex < trimmed.length) {
    const from = pattern.lastIndex;
    const [, token] = pattern.exec(trimmed) ?? [];
    if (token === undefined) throw unsupported(text, `'${trimmed.slice(from).trim()}'`);
    tokens.push(token);
  }
  return tokens;
}

export function unsupported(text: string, found: string): MathError {
  return new MathError(`The expression '${text}' has ${found}. Supported here: ${SUPPORTED}.`);
}

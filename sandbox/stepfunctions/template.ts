import { StateError } from './errors.ts';
import { type Bindings, evaluate } from './jsonata.ts';

/** The source between `{%` and `%}`, or `undefined` for text that is not an expression. Nothing may stand outside. */
export function expressionIn(text: string): string | undefined {
  return text.match(/^\{%([\s\S]*)%\}$/)?.[1]?.trim();
}

/** JSON in which every `{% … %}` string is replaced by its value. Throws `States.QueryEvaluationError`. */
export async function evaluateTemplate(
  template: unknown,
  bindings: Bindings,
  field: string,
): Promise<unknown> {
  if (typeof template === 'string') {
    const source = expressionIn(template);
    return source === undefined ? template : evaluateExpression(source, bindings, field);
  }
  if (Array.isArray(template)) {
    const values: unknown[] = [];
    for (const [index, member] of template.entries())
      values.push(await evaluateTemplate(member, bindings, `${field}[${index}]`));
    return values;
  }
  if (typeof template === 'object' && template !== null) {
    const entries: [string, unknown][] = [];
    for (const [key, member] of Object.entries(template))
      entries.push([key, await evaluateTemplate(member, bindings, `${field}/${key}`)]);
    return Object.fromEntries(entries);
  }
  return template;
}

async function evaluateExpression(source: string, bindings: Bindings, field: string): Promise<unknown> {
  const where = `The JSONata expression '${source}' specified for the field '${field}'`;
  const value = await evaluate(source, bindings).catch((error: Error) => {
    throw evaluationError(`${where} threw an error during evaluation. ${error.message}`);
  });
  if (value === undefined) throw evaluationError(`${where} returned nothing (undefined).`);
  return value;
}

export function evaluationError(cause: string): StateError {
  return new StateError('States.QueryEvaluationError', cause);
}

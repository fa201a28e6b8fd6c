import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Failure } from './messages.ts';

export type Handler = (event: unknown, context: object) => unknown;

/** `handler` is `module.export`, as in a function's configuration; the module is `<taskRoot>/<module>.mjs`. */
export async function loadHandler(
  taskRoot: string,
  handler: string,
): Promise<{ readonly handler: Handler } | { readonly failure: Failure }> {
  const dot = handler.lastIndexOf('.');
  const [moduleName, exportName] = [handler.slice(0, dot), handler.slice(dot + 1)];
  try {
    const module = await import(pathToFileURL(join(taskRoot, `${moduleName}.mjs`)).href);
    return callable(module[exportName], handler);
  } catch (error) {
    console.error(error);
    return { failure: importFailure(error) };
  }
}

function callable(
  candidate: unknown,
  handler: string,
): { readonly handler: Handler } | { readonly failure: Failure } {
  if (typeof candidate !== 'function')
    return failed('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  if (candidate.length > 2) {
    const message = 'AWS Lambda has removed support for callback-based function handlers with Node.js 24.';
    return failed('Runtime.CallbackHandlerDeprecated', message);
  }
  return { handler: (event, context) => candidate(event, context) };
}

function importFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND')
    return { errorType: 'Runtime.ImportModuleError', errorMessage: `Error: ${error.message}` };
  if (error instanceof SyntaxError)
    return { errorType: 'Runtime.UserCodeSyntaxError', errorMessage: `SyntaxError: ${error.message}` };
  return { errorType: error.name, errorMessage: error.message };
}

function failed(errorType: string, errorMessage: string): { readonly failure: Failure } {
  return { failure: { errorType, errorMessage } };
}

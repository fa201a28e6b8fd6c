import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { MessageAttributes } from './message-attributes.ts';

/** Times in epoch milliseconds. */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  /** Retention counts from here, wherever the message is moved. */
  readonly sentMs: number;
  /** When it came to this queue. */
  readonly arrivedMs: number;
  /** The queue whose dead letter it is. */
  readonly sourceArn?: string;
  readonly visibleFromMs: number;
  readonly receives: number;
  readonly firstReceivedMs?: number;
  /** What the receipt of the latest receive ends with; undefined before the first. */
  readonly receipt?: string;
}

/** The messages of a queue. Every change is one line at the end of a file, there before it is answered. */
export interface MessageLog {
  /** In the order in which they came. */
  readonly messages: ReadonlyMap<string, Message>;
  /** Of all bodies together. */
  characters(): number;
  put(message: Message): void;
  update(id: string, changes: Partial<Message>): void;
  remove(ids: readonly string[]): void;
  clear(): void;
  /** Removes the file as well. */
  destroy(): void;
}

type Line =
  | { readonly put: Message }
  | { readonly update: string; readonly changes: Partial<Message> }
  | { readonly remove: readonly string[] }
  | { readonly clear: true };

const LINES_BEFORE_REWRITING = 2_000;

/** A line that a kill cut short was never answered, and is dropped. */
export function messageLogAt(path: string): MessageLog {
  const messages = new Map<string, Message>();
  mkdirSync(dirname(path), { recursive: true });
  let characters = 0;
  let lines = 0;
  for (const line of linesOf(path)) apply(line);
  rewrite();

  return {
    messages,
    characters: () => characters,
    put: (message) => record({ put: message }),
    update: (id, changes) => record({ update: id, changes }),
    remove: (ids) => {
      if (ids.length > 0) record({ remove: ids });
    },
    clear: () => record({ clear: true }),
    destroy: () => rmSync(path, { force: true }),
  };

  function record(line: Line): void {
    appendFileSync(path, `${JSON.stringify(line)}\n`);
    apply(line);
    lines += 1;
    if (lines > LINES_BEFORE_REWRITING && lines > 4 * messages.size) rewrite();
  }

  function apply(line: Line): void {
    if ('put' in line) {
      messages.set(line.put.id, line.put);
      characters += line.put.body.length;
    } else if ('remove' in line) for (const id of line.remove) forget(id);
    else if ('clear' in line) for (const id of [...messages.keys()]) forget(id);
    else {
      const message = messages.get(line.update);
      if (message) messages.set(line.update, { ...message, ...line.changes });
    }
  }

  function forget(id: string): void {
    characters -= messages.get(id)?.body.length ?? 0;
    messages.delete(id);
  }

  function rewrite(): void {
    const draft = `${path}.tmp`;
    writeFileSync(draft, [...messages.values()].map((put) => `${JSON.stringify({ put })}\n`).join(''));
    renameSync(draft, path);
    lines = messages.size;
  }
}

function linesOf(path: string): readonly Line[] {
  const text = readIfThere(path);
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

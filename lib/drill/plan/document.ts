import { type ErrorCode, LineCounter, parseDocument } from 'yaml';
import type { Environment } from './environment.ts';
import { shortened } from './message.ts';
import { type Finding, type Path, placeOf } from './place.ts';
import { MOST_LEVELS, readValue } from './value.ts';

export interface ReadDocument {
  readonly value: unknown;
  readonly findings: readonly Finding[];
  /** Places whose value could not be read; nothing else is worth saying about them. */
  readonly broken: readonly Path[];
  /** False when the text is not YAML at all, so that there is no value to judge. */
  readonly readable: boolean;
  /** The line where a place begins, or the nearest place around it; the first line is 1. */
  lineOf(path: Path): number;
}

const MOST_BYTES = 256 * 1024;

/** Reads one YAML 1.2 document as plain values and replaces `${NAME}` from the environment. Never throws. */
export function readDocument(text: string, environment: Environment): ReadDocument {
  const bytes = Buffer.byteLength(text);
  if (bytes > MOST_BYTES) {
    return unreadable([
      {
        path: [],
        message: `must be at most 256 KB of YAML; received ${Math.ceil(bytes / 1024)} KB. Split it into several plans.`,
      },
    ]);
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter,
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    stringKeys: true,
    // Its own check compares every key with every other one; ours is made while reading.
    uniqueKeys: false,
    prettyErrors: false,
    // 'silent' would also silence the error about a second document.
    logLevel: 'error',
  });
  const lineAt = (offset: number) => Math.max(1, lineCounter.linePos(offset).line);
  const complaints = [...document.errors, ...document.warnings];
  if (complaints.length > 0) {
    return unreadable(
      complaints.map(({ pos, code, message }) => ({
        path: [],
        line: lineAt(pos[0]),
        message: syntaxMessage(code, message),
      })),
    );
  }
  const { value, findings, broken, lines } = readValue(document.contents, {
    environment,
    lineAt,
    budget: MOST_BYTES,
  });
  return { value, findings, broken, readable: true, lineOf: (path) => nearestLine(lines, path) };
}

function unreadable(findings: readonly Finding[]): ReadDocument {
  return { value: undefined, findings, broken: [], readable: false, lineOf: () => 1 };
}

function syntaxMessage(code: ErrorCode, message: string): string {
  switch (code) {
    case 'NON_STRING_KEY':
      return 'has a key that is no plain text here. Put quotes around a value like "{{name}}".';
    case 'MULTIPLE_DOCS':
      return 'has a second document here. Write each plan in a file of its own.';
    case 'RESOURCE_EXHAUSTION':
      return `is nested too deeply to be read; at most ${MOST_LEVELS} levels are allowed.`;
    default:
      return `is not valid YAML here: ${shortened(message.replace(/\.$/, ''), 200)}.`;
  }
}

function nearestLine(lines: ReadonlyMap<string, number>, path: Path): number {
  for (let length = path.length; length >= 0; length--) {
    const line = lines.get(placeOf(path.slice(0, length)));
    if (line !== undefined) return line;
  }
  return 1;
}

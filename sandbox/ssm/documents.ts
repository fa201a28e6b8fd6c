import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as v from 'valibot';
import { ACCOUNT, arn } from '../aws/account.ts';
import { flag, listOf, members, oneOf, read, text } from '../aws/input.ts';
import { AwsError, type JsonObject, type Operation } from '../aws/protocol.ts';
import { documentAt } from '../state.ts';
import { type Calendar, nextTransition, parseCalendar, stateAt } from './calendar.ts';

interface CalendarDocument {
  readonly name: string;
  readonly content: string;
  readonly version: number;
  readonly createdMs: number;
}

const NAME = /^[\w.-]{3,128}$/;
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;

const createInput = members({
  Name: text,
  Content: text,
  DocumentType: v.optional(v.string('must be a string')),
  DocumentFormat: v.optional(oneOf(['TEXT'])),
});
const updateInput = members({
  Name: text,
  Content: text,
  DocumentVersion: v.optional(text),
  DocumentFormat: v.optional(oneOf(['TEXT'])),
});
const deleteInput = members({ Name: text, Force: v.optional(flag) });
const stateInput = members({ CalendarNames: listOf(text, 10, 1), AtTime: v.optional(text) });

/** Change calendars, the only kind of document here. A new version counts at once. */
export function documentOperations(
  directory: string,
  now: () => number,
): Readonly<Record<string, Operation>> {
  const stored = documentAt<Readonly<Record<string, CalendarDocument>>>(
    join(directory, 'documents.json'),
    {},
  );
  const existing = (name: string): CalendarDocument => {
    const documents = stored.read();
    const found = Object.hasOwn(documents, name) ? documents[name] : undefined;
    if (found) return found;
    throw new AwsError('InvalidDocument', `Document with name ${name} does not exist.`);
  };
  const put = (document: CalendarDocument): JsonObject => {
    stored.write({ ...stored.read(), [document.name]: document });
    return { DocumentDescription: describe(document) };
  };
  return {
    CreateDocument: (input) => {
      const { Name, Content, DocumentType } = read(createInput, input, 'ValidationException');
      if (DocumentType !== 'ChangeCalendar')
        throw invalid(`DocumentType '${DocumentType}': the sandbox has ChangeCalendar only.`);
      if (!NAME.test(Name) || /^(aws|amazon|amzn)/i.test(Name)) throw invalid(`Name '${Name}' is not valid.`);
      if (Object.hasOwn(stored.read(), Name))
        throw new AwsError('DocumentAlreadyExists', `Document with name ${Name} already exists.`);
      return put({ name: Name, content: checkContent(Content), version: 1, createdMs: now() });
    },
    UpdateDocument: (input) => {
      const { Name, Content, DocumentVersion = '$LATEST' } = read(updateInput, input, 'ValidationException');
      const previous = existing(Name);
      if (DocumentVersion !== '$LATEST' && DocumentVersion !== String(previous.version))
        throw new AwsError(
          'InvalidDocumentVersion',
          `Version ${DocumentVersion} is not the latest, ${previous.version}.`,
        );
      if (previous.content === Content)
        throw new AwsError(
          'DuplicateDocumentContent',
          'The content of the document matches an existing version.',
        );
      return put({ ...previous, content: checkContent(Content), version: previous.version + 1 });
    },
    DeleteDocument: (input) => {
      const { name } = existing(read(deleteInput, input, 'ValidationException').Name);
      const { [name]: _deleted, ...others } = stored.read();
      stored.write(others);
      return {};
    },
    GetCalendarState: (input) => {
      const { CalendarNames, AtTime } = read(stateInput, input, 'ValidationException');
      const calendars = CalendarNames.map((name) => parseCalendar(existing(nameOf(name)).content));
      return stateOf(calendars, AtTime === undefined ? now() : instantOf(AtTime));
    },
  };
}

function checkContent(content: string): string {
  try {
    parseCalendar(content);
    return content;
  } catch (error) {
    throw new AwsError('InvalidDocumentContent', (error as Error).message);
  }
}

/** By its name or its ARN. */
function nameOf(calendar: string): string {
  const prefix = arn('ssm', 'document/');
  return calendar.startsWith(prefix) ? calendar.slice(prefix.length) : calendar;
}

function instantOf(time: string): number {
  const atMs = ISO_TIME.test(time) ? Date.parse(time) : Number.NaN;
  if (!Number.isNaN(atMs)) return atMs;
  throw invalid(`AtTime '${time}' is not a time as in ISO 8601, such as 2026-11-21T09:00:00Z.`);
}

function stateOf(calendars: readonly Calendar[], atMs: number): JsonObject {
  const nextMs = nextTransition(calendars, atMs);
  return {
    State: stateAt(calendars, atMs),
    AtTime: isoSeconds(atMs),
    ...(nextMs !== undefined && { NextTransitionTime: isoSeconds(nextMs) }),
  };
}

function isoSeconds(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z');
}

function describe({ name, content, version, createdMs }: CalendarDocument): JsonObject {
  return {
    Name: name,
    Owner: ACCOUNT,
    Hash: createHash('sha256').update(content).digest('hex'),
    HashType: 'Sha256',
    CreatedDate: createdMs / 1000,
    Status: 'Active',
    DocumentVersion: String(version),
    LatestVersion: String(version),
    DefaultVersion: String(version),
    DocumentType: 'ChangeCalendar',
    DocumentFormat: 'TEXT',
  };
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

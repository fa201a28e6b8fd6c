import {
  CreateDocumentCommand,
  type CreateDocumentCommandInput,
  DeleteDocumentCommand,
  GetCalendarStateCommand,
  SSMClient,
  UpdateDocumentCommand,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Ssm, startSsm } from '../../../sandbox/ssm/service.ts';
import { type Served, serve } from '../fixtures/served.ts';

let ssm: Ssm;
let served: Served;
let client: SSMClient;

beforeEach(async () => {
  served = await serve((directory) => {
    ssm = startSsm({ directory, now: () => Date.UTC(2026, 10, 21, 6, 0, 0, 500) });
    return { ssm: (request) => ssm.endpoint(request) };
  });
  client = new SSMClient(served.configuration);
});

afterEach(() => {
  client.destroy();
  return served.close();
});

function calendar(type: string, ...events: readonly (readonly string[])[]): string {
  const vevents = events.flatMap((lines) => ['BEGIN:VEVENT', 'UID:1', ...lines, 'END:VEVENT']);
  return [
    'BEGIN:VCALENDAR',
    'PRODID:-//AWS//Change Calendar 1.0//EN',
    'VERSION:2.0',
    `X-CALENDAR-TYPE:${type}`,
    ...vevents,
    'END:VCALENDAR',
  ].join('\r\n');
}

const YEAR_END = ['DTSTART:20261220T000000Z', 'DTEND:20270103T000000Z'];
const create = (Name: string, Content: string, more: Partial<CreateDocumentCommandInput> = {}) =>
  client.send(new CreateDocumentCommand({ Name, Content, DocumentType: 'ChangeCalendar', ...more }));
const stateOf = (CalendarNames: string[], AtTime?: string) =>
  client.send(new GetCalendarStateCommand({ CalendarNames, ...(AtTime && { AtTime }) }));

test('does not call open what does not exist', async () => {
  await expect(stateOf(['absent'])).rejects.toMatchObject({ name: 'InvalidDocument' });
  await create('releases', calendar('DEFAULT_OPEN'));
  await expect(stateOf(['releases', 'absent'])).rejects.toMatchObject({ name: 'InvalidDocument' });
  await client.send(new DeleteDocumentCommand({ Name: 'releases' }));
  await expect(stateOf(['releases'])).rejects.toMatchObject({ name: 'InvalidDocument' });
});

test.each<[string, string]>([
  ['text that is no calendar', 'closed on Sundays'],
  ['a calendar that says neither open nor closed', calendar('DEFAULT_MAYBE')],
  ['an event without an end', calendar('DEFAULT_OPEN', ['DTSTART:20261220T000000Z'])],
  [
    'an event that ends before it starts',
    calendar('DEFAULT_OPEN', ['DTSTART:20261220T000000Z', 'DTEND:20261219T000000Z']),
  ],
  ['an event that repeats', calendar('DEFAULT_OPEN', [...YEAR_END, 'RRULE:FREQ=WEEKLY'])],
  [
    'a time without its time zone',
    calendar('DEFAULT_OPEN', ['DTSTART:20261220T000000', 'DTEND:20261221T000000Z']),
  ],
  [
    'a time zone that nobody knows',
    calendar('DEFAULT_OPEN', ['DTSTART;TZID=Mars/Base:20261220T000000', 'DTEND:20261221T000000Z']),
  ],
])('refuses %s', async (_title, content) => {
  await expect(create('releases', content)).rejects.toMatchObject({ name: 'InvalidDocumentContent' });
});

test('refuses a document of another kind, the same document twice, and the same content again', async () => {
  const content = calendar('DEFAULT_OPEN');
  await expect(create('releases', content, { DocumentType: 'Command' })).rejects.toMatchObject({
    name: 'ValidationException',
  });
  await create('releases', content);
  await expect(create('releases', content)).rejects.toMatchObject({ name: 'DocumentAlreadyExists' });
  const update = client.send(new UpdateDocumentCommand({ Name: 'releases', Content: content }));
  await expect(update).rejects.toMatchObject({ name: 'DuplicateDocumentContent' });
});

test('refuses a time that is none', async () => {
  await create('releases', calendar('DEFAULT_OPEN'));
  await expect(stateOf(['releases'], 'tomorrow')).rejects.toMatchObject({ name: 'ValidationException' });
});

test.each<[string, string, string | undefined]>([
  ['2026-12-19T23:59:59Z', 'OPEN', '2026-12-20T00:00:00Z'],
  ['2026-12-20T00:00:00Z', 'CLOSED', '2027-01-03T00:00:00Z'],
  ['2027-01-03T00:00:00Z', 'OPEN', undefined],
])(
  'a calendar open by default is closed from the start of an event until its end: at %s %s',
  async (at, state, next) => {
    await create('releases', calendar('DEFAULT_OPEN', YEAR_END));
    const { State, AtTime, NextTransitionTime } = await stateOf(['releases'], at);
    expect({ State, AtTime, NextTransitionTime }).toEqual({
      State: state,
      AtTime: at,
      NextTransitionTime: next,
    });
  },
);

test('a calendar closed by default is open in its events, in the time zone that they name', async () => {
  const event = [
    'SUMMARY:a window whose',
    '  title is folded',
    'DTSTART;TZID=Europe/Berlin:20261121T070000',
    'DTEND;TZID=Europe/Berlin:20261121T080000',
  ];
  await create('windows', calendar('DEFAULT_CLOSED', event));
  expect(await stateOf(['windows'])).toMatchObject({
    State: 'OPEN',
    AtTime: '2026-11-21T06:00:00Z',
    NextTransitionTime: '2026-11-21T07:00:00Z',
  });
  expect((await stateOf(['windows'], '2026-11-21T05:59:59Z')).State).toBe('CLOSED');
});

test('several calendars are open together only while each of them is, by ARN and after a restart too', async () => {
  await create('releases', calendar('DEFAULT_OPEN', YEAR_END));
  await create('events', calendar('DEFAULT_OPEN'));
  ssm = startSsm({ directory: served.directory });
  const both = ['arn:aws:ssm:us-east-1:000000000000:document/events', 'releases'];
  expect((await stateOf(both, '2026-12-25T00:00:00Z')).State).toBe('CLOSED');
  expect((await stateOf(both, '2026-11-25T00:00:00Z')).State).toBe('OPEN');
});

test('what a calendar was changed to counts at once', async () => {
  const { DocumentDescription } = await create('releases', calendar('DEFAULT_OPEN'));
  expect(DocumentDescription).toMatchObject({ Name: 'releases', Status: 'Active', DocumentVersion: '1' });
  const Content = calendar('DEFAULT_CLOSED');
  const change = new UpdateDocumentCommand({ Name: 'releases', Content, DocumentVersion: '$LATEST' });
  expect((await client.send(change)).DocumentDescription).toMatchObject({ LatestVersion: '2' });
  const { State, NextTransitionTime } = await stateOf(['releases']);
  expect([State, NextTransitionTime]).toEqual(['CLOSED', undefined]);
});

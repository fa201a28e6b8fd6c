import { GetCalendarStateCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { Calendars } from '../../ports/guardrails.ts';

/** Change calendars of Systems Manager, each asked by itself so that it can be told which one is closed. */
export function changeCalendars(ssm: SSMClient): Calendars {
  return async (name) => {
    const { State, NextTransitionTime } = await ssm.send(
      new GetCalendarStateCommand({ CalendarNames: [name] }),
    );
    if (State === undefined) throw new Error(`change calendar ${name} has no state`);
    return { name, state: State, until: NextTransitionTime ?? null };
  };
}

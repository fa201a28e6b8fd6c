import type { Alarms, Calendars, Dependencies, Images, SafetySwitch } from '../../../ports/guardrails.ts';
import { systemClock as clock } from '../../clock.ts';
import { httpDependencies } from '../../http/dependencies.ts';
import { cloudWatchAlarms } from '../alarms.ts';
import { changeCalendars } from '../calendars.ts';
import * as clients from '../clients.ts';
import { environment } from '../environment.ts';
import { ecrImages } from '../images.ts';
import { parameterSwitch } from '../safety-switch.ts';

/* What is around a target. */

export function safetySwitch(): SafetySwitch {
  return parameterSwitch(clients.ssm(), environment().SAFETY_SWITCH_PARAMETER);
}

export function alarms(): Alarms {
  return cloudWatchAlarms(clients.cloudWatch());
}

export function calendars(): Calendars {
  return changeCalendars(clients.ssm());
}

export function images(): Images {
  return ecrImages(clients.ecr);
}

export function dependencies(): Dependencies {
  return httpDependencies(clock);
}

export function environments(): readonly string[] {
  return environment()
    .ALLOWED_ENVIRONMENTS.split(',')
    .map((name) => name.trim())
    .filter(Boolean);
}

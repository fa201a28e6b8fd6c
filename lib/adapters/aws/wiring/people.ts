import type { Channels } from '../../../ports/guardrails.ts';
import type { Announcer, Caller } from '../../../ports/people.ts';
import { systemClock as clock } from '../../clock.ts';
import { snsAnnouncer } from '../announcer.ts';
import { stsCaller } from '../caller.ts';
import { snsChannels } from '../channels.ts';
import * as clients from '../clients.ts';
import { environment } from '../environment.ts';
import { type SendSigned, sendSigned } from '../signed-requests.ts';

/* Whoever asks, and whoever is told. */

export function announcer(): Announcer {
  return snsAnnouncer(clients.sns(), environment().TOPIC_ARN);
}

export function channels(): Channels {
  return snsChannels(clients.sns(), environment().TOPIC_ARN);
}

export function caller(): Caller {
  return stsCaller(clients.sts());
}

export function signedRequests(): SendSigned {
  return sendSigned(clients.sts(), clock);
}

import type { Plane } from '../plane.ts';
import type { ServiceRecord } from '../records.ts';

/** As on AWS, the latest hundred. */
const MESSAGES_KEPT = 100;

/** What the console shows as the service's events. */
export function say(plane: Plane, service: ServiceRecord, message: string): void {
  const event = {
    id: crypto.randomUUID(),
    createdAt: plane.now(),
    message: `(service ${service.name}) ${message}`,
  };
  service.events = [event, ...service.events].slice(0, MESSAGES_KEPT);
  plane.changed();
}

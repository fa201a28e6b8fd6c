import { DRILL_ROUTES } from './drills.ts';
import { PEOPLE_ROUTES } from './people.ts';
import type { Route } from './route.ts';
import { SERVICE_ROUTES } from './service.ts';
import { STARTING_ROUTES } from './starting.ts';
import { TARGET_ROUTES } from './targets.ts';

/** Every request that is answered; `openapi.json` is made of this table. */
export const ROUTES: readonly Route[] = [
  ...SERVICE_ROUTES,
  ...TARGET_ROUTES,
  ...DRILL_ROUTES,
  ...STARTING_ROUTES,
  ...PEOPLE_ROUTES,
];

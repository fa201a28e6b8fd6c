import { parsePlan } from '../../../../lib/drill/plan/plan.ts';

/** A small plan without anything that could be left out. */
export const EXAMPLE = `apiVersion: rollback-drill/v1
name: example
owner: platform team
tier: critical
environment: staging
target:
  ecs: { cluster: main, service: web }
knownBad:
  default: broken
  releases:
    broken: { image: 'registry/web:broken' }
smoke:
  url: https://web.example/check
  release: { header: x-release }
steadyState:
  for: 10s
triggers:
  - name: red
    observedBy: probe
    condition: smoke failed 3 times running
    action: roll-back
    budget: 5m
detectWithin: 2m
rollback:
  paths: [ecs-stop-deployment]
restored:
  within: 5m
validations:
  - name: buy
    kind: synthetic-transaction
    steps:
      - name: look
        url: https://web.example/items
        capture: { sku: { json: '$.items[0].sku' } }
      - name: order
        url: https://web.example/order/{{sku}}
`;

/** The example with one text in place of another; several pairs change several places. */
export function changed(...changes: readonly (readonly [from: string, to: string])[]): string {
  return changes.reduce((text, [from, to]) => {
    if (text.split(from).length !== 2) throw new Error(`'${from}' must stand in the example once.`);
    return text.replace(from, () => to);
  }, EXAMPLE);
}

/** The errors of a plan as `place: message`; none when it is right. */
export function errorsOf(text: string, environment: Readonly<Record<string, string>> = {}): string[] {
  const parsed = parsePlan(text, { environment });
  return parsed.kind === 'plan' ? [] : parsed.errors.map(({ place, message }) => `${place}: ${message}`);
}

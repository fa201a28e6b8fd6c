import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { costSection, usualUsd } from '../../../lib/cost/cost-page.ts';
import type { Recording } from '../../../lib/cost/drill-cost.ts';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const recording = JSON.parse(read('docs/cost.json')) as Recording;

test('a drill with the default quiet period costs less than a cent', () => {
  expect(usualUsd(recording)).toBeLessThan(0.01);
});

test('the README tells what was computed from the recording, and nothing else: npm run bench:cost -- --write', () => {
  expect(read('README.md')).toContain(costSection(recording));
});

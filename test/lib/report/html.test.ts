import { expect, test } from 'vitest';
import { html } from '../../../lib/report/html.ts';
import { receiptOf } from '../cli/fixtures/drills.ts';

test('the headings of every table are whole words', () => {
  const headings = [...html(receiptOf()).matchAll(/<th[^>]*>([^<]*)<\/th>/g)].map(([, heading]) => heading);
  expect(headings.length).toBeGreaterThan(5);
  expect(headings.filter((heading) => heading?.includes('…'))).toEqual([]);
  expect(headings).toEqual(expect.arrayContaining(['figure', 'value']));
});

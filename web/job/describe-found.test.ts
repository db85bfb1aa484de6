import { expect, it } from 'vitest';
import { countNoun, describeCounts } from './describe-found.js';

it.each([
  [1, 'person', '1 person'],
  [12, 'person', '12 people'],
  [2, 'bus', '2 buses'],
  [3, 'wine glass', '3 wine glasses'],
  [2, 'sheep', '2 sheep'],
  [2, 'traffic light', '2 traffic lights'],
])('counts %d %s', (count, name, text) => expect(countNoun(count, name)).toBe(text));

it('names the most frequent classes', () => {
  const counts = [
    ['car', 3],
    ['person', 12],
    ['dog', 1],
    ['bus', 2],
    ['cat', 1],
  ] as const;
  expect(describeCounts(counts)).toBe('12 people, 3 cars, 2 buses, 2 others');
  expect(describeCounts([])).toBe('No objects');
});

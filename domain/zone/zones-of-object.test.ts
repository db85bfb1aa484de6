import { expect, it } from 'vitest';
import { parseZones } from './report-zones.js';
import { zonesOfObject } from './zones-of-object.js';

const corners = (left: number, right: number) => [
  [left, 0],
  [right, 0],
  [right, 1],
  [left, 1],
];
const ZONES = parseZones([
  { name: 'left', kind: 'zone', points: corners(0, 0.5) },
  { name: 'wide', kind: 'zone', points: corners(0, 0.75) },
  { name: 'cars', kind: 'zone', points: corners(0, 1), classes: ['car'] },
  {
    ...{ name: 'line', kind: 'line' },
    points: [
      [0, 0],
      [1, 1],
    ],
  },
]);
const SIZE = { width: 200, height: 100 };

it.each<[string, number, readonly string[]]>([
  ['person', 50, ['left', 'wide']],
  ['person', 120, ['wide']],
  ['car', 120, ['wide', 'cars']],
  ['person', 180, []],
])('finds the zones of a %s at %i pixels', (name, x, expected) => {
  const object = { class: name, box: [x - 10, 20, x + 10, 60] as const };
  expect(zonesOfObject(ZONES, SIZE)(object)).toEqual(expected);
});

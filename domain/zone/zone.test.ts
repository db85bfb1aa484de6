import { expect, it } from 'vitest';
import { zonesSchema } from './zone.js';

const zone = {
  name: 'room',
  kind: 'zone',
  points: [
    [0, 0],
    [1, 0],
    [1, 1],
  ],
};
const line = {
  name: 'door',
  kind: 'line',
  points: [
    [0, 0],
    [1, 1],
  ],
};

it('accepts zones and lines', () => {
  expect(zonesSchema.parse([zone, { ...line, classes: ['car'] }])).toHaveLength(2);
});

it.each([
  ['no zone', [], /expected array to have >=1/],
  ['the same name twice', [zone, { ...line, name: 'room' }], /different names/],
  ['a name with a space', [{ ...zone, name: 'the room' }], /expected a name/],
  [
    'two corners',
    [
      {
        ...zone,
        points: [
          [0, 0],
          [1, 1],
        ],
      },
    ],
    /expected array to have >=3/,
  ],
  [
    'a line of three points',
    [
      {
        ...line,
        points: [
          [0, 0],
          [1, 1],
          [0, 1],
        ],
      },
    ],
    /points/,
  ],
  [
    'a point outside of the frame',
    [
      {
        ...line,
        points: [
          [0, 0],
          [1.1, 1],
        ],
      },
    ],
    /points/,
  ],
  [
    'a line without length',
    [
      {
        ...line,
        points: [
          [0.5, 0.5],
          [0.5, 0.5],
        ],
      },
    ],
    /two different points/,
  ],
  [
    'a bow tie',
    [
      {
        ...zone,
        points: [
          [0, 0],
          [1, 1],
          [1, 0],
          [0, 1],
        ],
      },
    ],
    /do not cross each other/,
  ],
  [
    'no area',
    [
      {
        ...zone,
        points: [
          [0, 0],
          [0.5, 0.0001],
          [1, 0],
        ],
      },
    ],
    /at least 0\.01 % of the frame/,
  ],
  ['an unknown field', [{ ...zone, colour: 'red' }], /colour/],
])('refuses %s', (_, zones, message) => {
  expect(() => zonesSchema.parse(zones)).toThrow(message);
});

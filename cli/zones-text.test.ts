import { expect, it } from 'vitest';
import { formatZoneCounts, formatZoneSets } from './zones-text.js';

it('formats the counts of each minute as a table', () => {
  const minutes = [
    { minute_ms: 120_000, zone: 'room', class: 'person', entered: 12, left: 3, in: 0, out: 0 },
  ];
  expect(
    formatZoneCounts({ minutes })
      .split('\n')
      .map((line) => line.split(/ +/)),
  ).toEqual([
    ['minute', 'zone', 'class', 'entered', 'left', 'in', 'out'],
    ['2', 'room', 'person', '12', '3', '0', '0'],
  ]);
  expect(formatZoneCounts({ minutes: [] })).toBe('No object passed a zone or line.');
});

it('formats the named zones of a video', () => {
  const points = [
    [0, 0],
    [1, 1],
  ];
  const line = (name: string) => ({ name, kind: 'line' as const, points });
  const set = {
    name: 'gate',
    zones: [line('in'), line('out')],
    updated_at: '2026-05-04T09:30:00Z',
  };
  expect(formatZoneSets([set])).toMatch(/gate +in, out +\S/);
  expect(formatZoneSets([])).toBe('The video has no zones.');
});

import { describe, expect, it } from 'vitest';
import {
  describeNames,
  formatAgo,
  formatBytes,
  formatClock,
  formatDuration,
  formatPercent,
  joinFacts,
  pluralize,
} from './format.js';

describe('clock', () => {
  it.each([
    [0, '0:00.0'],
    [-1, '0:00.0'],
    [59.99, '0:59.9'],
    [60, '1:00.0'],
    [3725.25, '1:02:05.2'],
  ])('formats %d s as %s', (seconds, text) => expect(formatClock(seconds)).toBe(text));
});

describe('duration', () => {
  it.each([
    [0, '0.0 s'],
    [9.94, '9.9 s'],
    [59.4, '59 s'],
    [59.6, '1 min 0 s'],
    [75, '1 min 15 s'],
    [7260, '2 h 1 min'],
  ])('formats %d s as %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));
});

describe('bytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1500, '1.5 kB'],
    [25_000_000, '25 MB'],
    [3e15, '3000 TB'],
  ])('formats %d as %s', (size, text) => expect(formatBytes(size)).toBe(text));
});

it('rounds a percentage', () => expect(formatPercent(0.256)).toBe('26 %'));
it('adds no s to a single item', () => {
  expect([pluralize(0, 'frame'), pluralize(1, 'frame')]).toEqual(['0 frames', '1 frame']);
});

it.each([
  [['a'], 'a'],
  [['a', 'b', 'c'], 'a, b, c'],
  [['a', 'b', 'c', 'd'], 'a, b, c and 1 more'],
])('names %j', (names, text) => expect(describeNames(names)).toBe(text));

it('joins the facts that are known', () => {
  expect(joinFacts(['a', undefined, '', false, null, 'b'])).toBe('a · b');
});

describe('formatAgo', () => {
  it.each([
    [-2, 'just now'],
    [59, 'just now'],
    [150, '2 min ago'],
    [7300, '2 h ago'],
    [200_000, '2 d ago'],
  ])('formats %d s as %s', (seconds, text) => expect(formatAgo(seconds)).toBe(text));
});

import { expect, it } from 'vitest';
import { searchableClasses } from './searchable-classes.js';

it.each([[[]], [['person']], [['person', 'car', 'dog']]])('returns %j, which fits', (classes) => {
  expect(searchableClasses(classes)).toEqual(classes);
});

it.each(['x', '行', '"'])('stays below the limit of Temporal with 10,000 names of %s', (letter) => {
  const names = Array.from({ length: 10_000 }, (_, i) => `${letter.repeat(120)}${i}`);
  const classes = searchableClasses(names);
  expect(classes.length).toBeGreaterThan(1);
  expect(classes).toEqual(names.slice(0, classes.length));
  expect(Buffer.byteLength(JSON.stringify(classes))).toBeLessThan(2048);
});

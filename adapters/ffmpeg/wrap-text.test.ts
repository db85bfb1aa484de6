import { expect, it } from 'vitest';
import { wrapText } from './wrap-text.js';

it.each<[text: string, letters: number, lines: number, wrapped: string[]]>([
  ['person', 10, 2, ['person']],
  ['', 10, 2, []],
  ['vanished: person, dog', 12, 2, ['vanished:', 'person, dog']],
  ['vanished: person', 9, 2, ['vanished:', 'person']],
  ['abcdefgh', 3, 3, ['abc', 'def', 'gh']],
  ['vanished: person, dog, car', 12, 2, ['vanished:', 'person, dog…']],
  ['one two three', 3, 1, ['on…']],
  ['🚗🚗🚗🚗', 2, 2, ['🚗🚗', '🚗🚗']],
])('wraps %j into lines of %d letters, at most %d', (text, letters, lines, wrapped) => {
  expect(wrapText(text, letters, lines)).toEqual(wrapped);
});

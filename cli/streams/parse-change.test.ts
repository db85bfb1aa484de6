import { expect, it } from 'vitest';
import { parseChange } from './parse-change.js';

it('parses new values, and null to remove one', () => {
  expect(parseChange('{"fps": 5, "classes": null}')).toEqual({ fps: 5, classes: null });
});

it.each(['', 'fps=5', '[5]', 'null', '"fps"'])('rejects %j', (text) => {
  expect(() => parseChange(text)).toThrow(/Expected a JSON object/);
});

import { expect, it } from 'vitest';
import { changeOf } from './change-of.js';

const BEFORE = { fps: 2, classes: ['person'], notify: [{ frames: 2 }] };

it('returns the fields that differ', () => {
  const after = { ...BEFORE, fps: 5, notify: [{ frames: 3 }], model: 'yolox@2' };
  expect(changeOf(BEFORE, after)).toEqual({ fps: 5, notify: [{ frames: 3 }], model: 'yolox@2' });
});

it('returns null for a field that is not set any more', () => {
  const { classes: _, ...after } = BEFORE;
  expect(changeOf(BEFORE, after)).toEqual({ classes: null });
});

it('returns nothing if nothing differs', () => {
  expect(changeOf(BEFORE, structuredClone(BEFORE))).toEqual({});
});

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createFrozenCheck } from './frozen.js';
import { Interrupt } from './interrupt.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

it('connects again once, and takes a camera that repeats the same image for a screen', () => {
  const notes: (string | undefined)[] = [];
  const check = createFrozenCheck({ note: (message) => void notes.push(message) });
  const image = Buffer.from('image');
  let keyframes = 0;
  const show = (pixels: Buffer) => {
    vi.advanceTimersByTime(10_000);
    return check.frame(Buffer.from(pixels), ++keyframes);
  };
  expect([show(image), show(image), show(image)]).toEqual([undefined, undefined, undefined]);
  const interrupt = show(image);
  expect(interrupt).toBeInstanceOf(Interrupt);
  expect(interrupt).toHaveProperty('state.cause.reason', 'picture_frozen');
  check.reconnected();
  expect(show(image)).toBeUndefined();
  expect(notes.at(-1)).toContain('repeats one image');
  expect(show(image)).toBeUndefined();
  show(Buffer.from('other'));
  expect(notes.at(-1)).toBeUndefined();
});

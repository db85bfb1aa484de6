import { describe, expect, it } from 'vitest';
import { expectNoTerminal } from './export.js';

describe('expectNoTerminal', () => {
  it.each(['yolo', 'mp4'] as const)('refuses to write %s to a terminal', (format) => {
    expect(() => expectNoTerminal({ format }, true)).toThrow(/binary.*--out FILE/);
  });

  it.each([
    [{ format: 'csv' }, true],
    [{ format: 'yolo' }, false],
    [{ format: 'yolo', out: 'labels.zip' }, true],
    [{ format: 'mp4', cancel: true }, true],
  ] as const)('allows %o, terminal: %s', (flags, isTerminal) => {
    expect(() => expectNoTerminal(flags, isTerminal)).not.toThrow();
  });
});

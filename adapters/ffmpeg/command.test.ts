import { describe, expect, it } from 'vitest';
import { endingOf } from './command.js';

describe('endingOf', () => {
  it.each<[code: number | undefined, signal: string | undefined, ending: string]>([
    [1, undefined, 'failed'],
    [69, undefined, 'failed'],
    [123, undefined, 'failed'],
    [124, undefined, 'stopped'],
    [137, undefined, 'stopped'],
    [143, undefined, 'stopped'],
    [undefined, 'SIGKILL', 'stopped'],
    [undefined, undefined, 'stopped'],
    [139, undefined, 'crashed'],
    [134, undefined, 'crashed'],
    [undefined, 'SIGSEGV', 'crashed'],
  ])('classifies exit code %s and signal %s as %s', (code, signal, ending) => {
    expect(endingOf(code, signal)).toBe(ending);
  });
});

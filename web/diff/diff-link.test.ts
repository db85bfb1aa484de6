import { describe, expect, it } from 'vitest';
import { formatDiffLink, parseDiffLink } from './diff-link.js';

const parse = (query: string) => parseDiffLink(new URLSearchParams(query));

describe('links to a comparison', () => {
  it('are read as they were written', () => {
    const link = { a: 'street-1', b: 'street-2', confA: 0.3, confB: 0.45, timeS: 22.4 };
    const hash = formatDiffLink(link);
    expect(hash).toBe('#/diff?a=street-1&b=street-2&conf_a=0.3&conf_b=0.45&t=22.4');
    expect(parse(hash.split('?')[1]!)).toEqual(link);
  });

  it('omit what is not set, and the start of the video', () => {
    expect(formatDiffLink({ a: 'a1', b: 'b1', timeS: 0 })).toBe('#/diff?a=a1&b=b1');
  });

  it('need two jobs, and ignore invalid numbers', () => {
    expect(parse('a=a1')).toBeUndefined();
    expect(parse('a=a1&b=')).toBeUndefined();
    expect(parse('a=a1&b=b1&conf_a=2&t=x')).toEqual({ a: 'a1', b: 'b1' });
  });
});

import { describe, expect, it } from 'vitest';
import { collect } from '../test/support/collect.js';
import { type PagePlace, readPages } from './read-pages.js';

describe('readPages', () => {
  it.each([0, 1, 499, 500, 501, 1000])(
    'yields %i items in their order, each once',
    async (count) => {
      const items = Array.from({ length: count }, (_, i) => i);
      const read = ({ limit, after = -1 }: PagePlace<number>) =>
        Promise.resolve(items.slice(after + 1, after + 1 + limit));
      expect(await collect(readPages(read))).toEqual(items);
    },
  );
});

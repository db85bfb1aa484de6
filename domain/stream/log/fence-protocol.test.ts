import { describe, expect, it } from 'vitest';
import { checkLog, type StoreChange } from '../../../test/support/check-log.js';

const seeds = (count: number) => Array.from({ length: count }, (_, index) => `seed ${index}`);

/** Violations of a store on which the protocol cannot work. */
async function violationsOn(change: StoreChange): Promise<string> {
  const violations: string[] = [];
  for (const seed of seeds(10)) violations.push(...(await checkLog(seed, change)).violations);
  return violations.join('\n');
}

describe('a log with several owners and readers at the same time', () => {
  it('shows each entry once, in order, and the same to each reader, in every interleaving', async () => {
    let [rows, owners] = [0, 0];
    for (const seed of seeds(40)) {
      const checked = await checkLog(seed, (store) => store);
      expect(checked.violations, seed).toEqual([]);
      rows += checked.rows;
      owners += checked.owners;
    }
    expect(rows).toBeGreaterThan(40 * 10);
    expect(owners).toBeGreaterThan(40 * 4);
  });

  it('depends on listings that are not stale, which the check finds', async () => {
    const withStaleListings: StoreChange = (store, random) => ({
      ...store,
      list: async function* (...args) {
        const keys: string[] = [];
        for await (const key of store.list(...args)) keys.push(key);
        yield* keys.slice(0, random.between(0, 1) < 0.3 ? -1 : undefined);
      },
    });
    expect(await violationsOn(withStaleListings)).toMatch(/(row|gap) .* was /);
  });

  it('depends on writes that reach the store, which the check finds', async () => {
    const withLostWrites: StoreChange = (store, random) => ({
      ...store,
      put: (...args) => (random.between(0, 1) < 0.05 ? Promise.resolve() : store.put(...args)),
    });
    expect(await violationsOn(withLostWrites)).toMatch(/(row|gap) .* was /);
  });
});

import { describe, expect, it } from 'vitest';
import type { StoreChange } from '../support/check-log.js';
import type { NumberedStretch } from '../../domain/stream/log/segment.js';
import { ACCOUNT_FAULTS, checkAccount, type Mutation } from '../support/check-account.js';

const seeds = (count: number) => Array.from({ length: count }, (_, index) => `account ${index}`);
const FAULTS = 1000;
/** Seeds are checked in parts, so that each is short. */
const PARTS = 11;
const SEEDS = 66;

/** Violations while an error is planted. */
async function violationsWith(mutation: Mutation): Promise<string> {
  const violations: string[] = [];
  for (const seed of seeds(4)) violations.push(...(await checkAccount(seed, mutation)).violations);
  return violations.join('\n');
}

describe('the account of a camera', () => {
  const total = new Map<string, number>();
  let [rows, seconds] = [0, 0];

  it.each(Array.from({ length: PARTS }, (_, part) => part))(
    'is the time that passed, without a double or changed row, whatever happens: part %i',
    async (part) => {
      for (const seed of seeds(SEEDS).filter((_, index) => index % PARTS === part)) {
        const checked = await checkAccount(seed);
        expect(checked.violations, seed).toEqual([]);
        rows += checked.rows;
        seconds += checked.seconds;
        for (const fault of ACCOUNT_FAULTS)
          total.set(fault, (total.get(fault) ?? 0) + checked.faults[fault]);
      }
    },
  );

  it('was checked over 1,000 faults of all kinds', () => {
    const faults = [...total.values()].reduce((a, b) => a + b, 0);
    expect(faults).toBeGreaterThanOrEqual(FAULTS);
    for (const fault of ACCOUNT_FAULTS) expect(total.get(fault), fault).toBeGreaterThan(50);
    expect(rows).toBeGreaterThan(SEEDS * 50);
    expect(seconds).toBeGreaterThan(SEEDS * 100);
  });

  it('is wrong if a store acknowledges writes that it loses, which the check finds', async () => {
    const store: StoreChange = (inner, random) => ({
      ...inner,
      put: (...args) => (random.between(0, 1) < 0.02 ? Promise.resolve() : inner.put(...args)),
    });
    expect(await violationsWith({ store })).toMatch(/(row|gap) .* was |the log ends at/);
  });

  it('is wrong if owners do not see that they were replaced, which the check finds', async () => {
    const store: StoreChange = (inner, random) => ({
      ...inner,
      list: async function* (bucket, prefix, options) {
        const keys = await Array.fromAsync(inner.list(bucket, prefix, options));
        const isStale = random.between(0, 1) < 0.3;
        yield* isStale ? keys.slice(0, -1) : keys;
      },
    });
    expect(await violationsWith({ store })).toMatch(/(row|gap) .* was |two rows|follows/);
  });

  it('is wrong if time is dropped, which the check finds', async () => {
    let count = 0;
    const append: Mutation['append'] = (work) => (stretch) => {
      if (++count % 50 !== 0) work(stretch);
    };
    expect(await violationsWith({ append })).toMatch(/starts at|are accounted for of|follows/);
  });

  it('is wrong if a frame is numbered again, which the check finds', async () => {
    let before: NumberedStretch | undefined;
    const append: Mutation['append'] = (work) => (stretch) => {
      const { entries } = before ?? stretch;
      const isRepeated = entries.length === 1 && stretch.entries.length === 1;
      work(isRepeated && stretch.first % 40 === 0 ? { ...stretch, entries } : stretch);
      before = stretch;
    };
    expect(await violationsWith({ append })).toMatch(/two rows|expected row|row of/);
  });
});

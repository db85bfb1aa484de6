import { expect, it } from 'vitest';
import type { ModelAlias } from '../../domain/model/model-alias.js';
import { awaitPromotion } from './await-promotion.js';

const SHA = 'a'.repeat(64);
const CHALLENGER = { name: 'fish', version: 4, sha256: SHA };
const ALIAS: ModelAlias = {
  ...{ name: 'fish', alias: 'champion', version: 4, sha256: SHA, action: 'promote', by: 'berta' },
  ...{ at: '2026-05-04T09:30:00.000Z', reason: 'fewer misses', previous: null },
};

const promotionWith = (...aliases: readonly ModelAlias[]) =>
  awaitPromotion(
    { models: { aliases: { list: () => Promise.resolve([...aliases]) } } },
    CHALLENGER,
  );

it('returns who made the version the champion, and why', async () => {
  expect(await promotionWith(ALIAS)).toEqual({ by: 'berta', reason: 'fewer misses' });
});

it.each([
  ['without aliases', []],
  ['if another alias refers to it', [{ ...ALIAS, alias: 'challenger' }]],
  ['if the champion is another version', [{ ...ALIAS, version: 3 }]],
  ['if its number was given to another file', [{ ...ALIAS, sha256: 'b'.repeat(64) }]],
] as const)('fails, to be tried again, %s', async (_, aliases) => {
  await expect(promotionWith(...aliases)).rejects.toMatchObject({
    ...{ type: 'NOT_PROMOTED', nonRetryable: false, category: 'BENIGN' },
    message: 'Version 4 of fish is not the champion.',
  });
});

import { describe, expect, it } from 'vitest';
import { createApiKey, hashOfKey, looksLikeApiKey } from './api-key.js';

const GIVEN = { name: 'page', scopes: ['read'], rate_per_minute: 10 } as const;
const NOW = new Date('2026-01-02T03:04:05Z');

describe('a new key', () => {
  it('is stored by its hash alone', () => {
    const { key, stored } = createApiKey(GIVEN, NOW);
    expect(looksLikeApiKey(key)).toBe(true);
    expect(stored).toEqual({
      ...GIVEN,
      key_id: expect.stringMatching(/^[0-9a-f]{12}$/) as string,
      hash: hashOfKey(key),
      created_at: NOW,
      revoked_at: null,
    });
    expect(JSON.stringify(stored)).not.toContain(key.slice('vidette_'.length));
  });

  it('is another each time', () => {
    expect(createApiKey(GIVEN, NOW).key).not.toBe(createApiKey(GIVEN, NOW).key);
  });
});

it('hashes with SHA-256', () => {
  // printf abc | sha256sum
  expect(hashOfKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

describe('the form of a key', () => {
  const body = 'A'.repeat(43);
  it.each([
    [`vidette_${body}`, true],
    [`vidette_${body}A`, false],
    [`vidette_${body.slice(1)}`, false],
    [`vidette_${body.slice(1)}+`, false],
    [`Vidette_${body}`, false],
    [` vidette_${body}`, false],
    [`vidette_${body}\n`, false],
    ['', false],
  ])('%j: %s', (text, expected) => {
    expect(looksLikeApiKey(text)).toBe(expected);
  });
});

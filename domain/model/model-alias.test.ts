import { describe, expect, it } from 'vitest';
import {
  aliasesOf,
  type AliasRecord,
  changeAlias,
  expectAliasName,
  previousOf,
} from './model-alias.js';

const pinned = (version: number) => ({ version, sha256: String(version).repeat(64).slice(0, 64) });
const NOW = new Date('2026-05-04T09:30:00.000Z');
const change = (version: number, now = NOW) =>
  ({ action: 'promote', to: pinned(version), by: 'anna', reason: null, now }) as const;

describe('changeAlias', () => {
  it('creates an alias without a previous version', () => {
    expect(changeAlias(undefined, change(3))).toEqual({
      ...{ action: 'promote', ...pinned(3), by: 'anna', reason: null, previous: null },
      at: '2026-05-04T09:30:00.000Z',
    });
  });

  it('keeps the version before', () => {
    const first = changeAlias(undefined, change(3));
    expect(changeAlias(first, change(4))).toMatchObject({ ...pinned(4), previous: pinned(3) });
  });

  it('returns the record itself if it refers to the version already', () => {
    const first = changeAlias(undefined, change(3));
    expect(changeAlias(first, change(3, new Date()))).toBe(first);
  });

  it('changes an alias of a version whose number another file has now', () => {
    const first: AliasRecord = { ...changeAlias(undefined, change(3)), sha256: 'f'.repeat(64) };
    expect(changeAlias(first, change(3))).toMatchObject(pinned(3));
  });

  it.each([
    ['a clock that is behind', new Date(NOW.getTime() - 60_000), '2026-05-04T09:30:00.001Z'],
    ['the same millisecond', NOW, '2026-05-04T09:30:00.001Z'],
    ['a later time', new Date(NOW.getTime() + 5), '2026-05-04T09:30:00.005Z'],
  ])('increases the time for %s', (_name, now, expected) => {
    const first = changeAlias(undefined, change(3));
    expect(changeAlias(first, change(4, now)).at).toBe(expected);
  });
});

describe('aliases of a model', () => {
  const first = { name: 'fish', alias: 'champion', ...changeAlias(undefined, change(3)) };
  const second = { name: 'fish', alias: 'champion', ...changeAlias(first, change(4)) };

  it('include the champion before', () => {
    expect(previousOf(first)).toBeUndefined();
    expect(previousOf(second)).toMatchObject({ alias: 'previous', ...pinned(3), previous: null });
  });

  it('are those of the same name, version and file', () => {
    const aliases = [second, previousOf(second)!];
    expect(aliasesOf({ name: 'fish', ...pinned(4) }, aliases)).toEqual(['champion']);
    expect(aliasesOf({ name: 'fish', ...pinned(3) }, aliases)).toEqual(['previous']);
    expect(aliasesOf({ name: 'bird', ...pinned(4) }, aliases)).toEqual([]);
    expect(aliasesOf({ name: 'fish', version: 4, sha256: '' }, aliases)).toEqual([]);
  });
});

describe('expectAliasName', () => {
  it.each(['champion', 'challenger', 'v1-night', '3a', 'latest-2', 'a'.repeat(128)])(
    'accepts %s',
    (alias) => expect(() => expectAliasName(alias)).not.toThrow(),
  );

  it.each([
    ...['latest', 'LATEST', 'v3', 'V03', '3', '0'].map((alias) => [alias, 'reads as a version']),
    ['previous', 'champion before'],
    ...['', 'a b', '../x', 'a/b', 'a'.repeat(129)].map((alias) => [alias, 'Expected an alias']),
  ])('rejects %j', (alias, message) => {
    expect(() => expectAliasName(alias)).toThrow(message);
  });
});

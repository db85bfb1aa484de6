import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resultPlace } from './result-place.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-results-'));
  await writeFile(join(folder, 'old.json'), '');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('resultPlace', () => {
  it('writes nothing without a path', async () => {
    expect((await resultPlace(undefined, true))('cars-1')).toBeNull();
  });

  it.each([
    ['new.json', false, 'new.json'],
    ['old.json', false, 'old.json'],
    ['.', false, 'cars-1.json'],
    ['.', true, 'cars-1.json'],
    ['a/b', true, 'a/b/cars-1.json'],
  ])('for %s, several videos: %s, names %s', async (path, isList, expected) => {
    const pathOf = await resultPlace(join(folder, path), isList);
    expect(pathOf('cars-1')).toBe(join(folder, expected));
  });

  it('creates the folder of several results', async () => {
    await resultPlace(join(folder, 'a/b'), true);
    expect((await stat(join(folder, 'a/b'))).isDirectory()).toBe(true);
  });

  it.each([
    ['missing/new.json', false, /missing does not exist/],
    ['old.json/new.json', false, /old\.json does not exist/],
    ['old.json', true, /old\.json is a file/],
    ['old.json/a', true, /cannot be created: ENOTDIR/],
  ])('rejects %s, several videos: %s', async (path, isList, message) => {
    await expect(resultPlace(join(folder, path), isList)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(message) as string,
    });
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createApiKey } from '../../domain/api-key.js';
import { AppError } from '../../domain/errors.js';
import { createKeyBook } from './key-book.js';

const GIVEN = { name: 'page', scopes: ['read'], rate_per_minute: 10 } as const;
const { key, stored } = createApiKey(GIVEN, new Date());

function counting(found = [stored]) {
  const asked: string[] = [];
  const find = (hash: string) => {
    asked.push(hash);
    return Promise.resolve(found.find((each) => each.hash === hash));
  };
  return { asked, find };
}

it('asks the store once for a key, also for several requests at a time', async () => {
  const { asked, find } = counting();
  const book = createKeyBook(10_000);
  expect(book.isNew(key)).toBe(true);
  expect(await Promise.all([book.find(key, find), book.find(key, find)])).toEqual([stored, stored]);
  expect(await book.find(key, find)).toEqual(stored);
  expect(book.isNew(key)).toBe(false);
  expect(asked).toEqual([stored.hash]);
});

it('remembers a text that is not a key', async () => {
  const { asked, find } = counting([]);
  const book = createKeyBook(10_000);
  expect(await book.find(key, find)).toBeUndefined();
  expect(await book.find(key, find)).toBeUndefined();
  expect(asked).toHaveLength(1);
});

it('does not ask for a text of another form', async () => {
  const { asked, find } = counting();
  expect(await createKeyBook(10_000).find('vidette_x', find)).toBeUndefined();
  expect(asked).toEqual([]);
});

it('counts a key as new until it is found, and again when it is revoked', async () => {
  const book = createKeyBook(20);
  const keys = [stored];
  const { find } = counting(keys);
  await book.find(key, find);
  await sleep(40);
  expect(book.isNew(key)).toBe(false);
  keys[0] = { ...stored, revoked_at: new Date() };
  await book.find(key, find);
  await sleep(40);
  expect(book.isNew(key)).toBe(true);
});

it('knows all keys by one list for a while', async () => {
  const { key: unknown } = createApiKey(GIVEN, new Date());
  const keys = [stored];
  let lists = 0;
  const list = () => {
    lists++;
    return Promise.resolve([...keys]);
  };
  const book = createKeyBook(50);
  expect(await Promise.all([book.isListed(key, list), book.isListed(unknown, list)])).toEqual([
    ...[true, false],
  ]);
  expect(await book.isListed('vidette_x', list)).toBe(false);
  expect(lists).toBe(1);
  keys.pop();
  await sleep(80);
  expect(await book.isListed(key, list)).toBe(false);
});

it('forgets a key that is revoked', async () => {
  const keys = [stored];
  const { find } = counting(keys);
  const book = createKeyBook(20);
  expect(await book.find(key, find)).toEqual(stored);
  keys[0] = { ...stored, revoked_at: new Date() };
  await sleep(40);
  expect(await book.find(key, find)).toBeUndefined();
});

it('does not let the last answer stand in for a store that fails', async () => {
  const book = createKeyBook(20);
  await book.find(key, counting().find);
  await sleep(40);
  await expect(book.find(key, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await book.find(key, counting().find)).toEqual(stored);
});

it('keeps a valid key while the store does not answer, and no other', async () => {
  const book = createKeyBook(10);
  const { find } = counting();
  const away = () => Promise.reject(new AppError('SERVER_UNAVAILABLE', 'away'));
  await book.find(key, find);
  await sleep(20);
  expect(await book.find(key, away)).toEqual(stored);
  await sleep(20);
  expect(await book.find(key, away)).toEqual(stored);
  const { key: other } = createApiKey(GIVEN, new Date());
  await expect(book.find(other, away)).rejects.toMatchObject({ code: 'SERVER_UNAVAILABLE' });
});

it('rejects a key that was revoked as soon as the store answers again', async () => {
  const book = createKeyBook(10);
  const keys = [stored];
  const { find } = counting(keys);
  await book.find(key, find);
  await sleep(20);
  await book.find(key, () => Promise.reject(new AppError('SERVER_UNAVAILABLE', 'away')));
  keys[0] = { ...stored, revoked_at: new Date() };
  await sleep(20);
  expect(await book.find(key, find)).toBeUndefined();
  await sleep(20);
  await expect(
    book.find(key, () => Promise.reject(new AppError('SERVER_UNAVAILABLE', 'away'))),
  ).rejects.toThrow('away');
});

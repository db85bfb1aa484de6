import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readObjects } from './feedback.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-feedback-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fileOf(content: string): Promise<string> {
  const path = join(folder, 'objects.json');
  await writeFile(path, content);
  return path;
}

it('reads the objects of a frame', async () => {
  const objects = [{ class: 'лиса', box: [0, 1.5, 2, 3] }];
  expect(await readObjects(await fileOf(JSON.stringify(objects)))).toEqual(objects);
});

it.each([
  ['no JSON', '[', 'objects.json is not JSON'],
  ['a box of three numbers', '[{"class":"cat","box":[1,2,3]}]', '0.box'],
  ['an unknown field', '[{"class":"cat","box":[1,2,3,4],"conf":1}]', 'conf'],
  ['an object instead of a list', '{}', 'Invalid objects in'],
])('rejects a file with %s', async (_, content, message) => {
  await expect(readObjects(await fileOf(content))).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining(message) as string,
  });
});

it('requires a file', async () => {
  await expect(readObjects(undefined)).rejects.toThrow('--objects FILE');
});

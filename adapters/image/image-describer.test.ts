import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createImageDescriber, type ImageDescriber } from './image-describer.js';

/** Replies with the content of an image as its hash and its own id as the width; obeys two words. */
const SCRIPT = `
process.on('message', ({ data, isFrame }) => {
  const dhash = Buffer.from(data).toString();
  if (dhash === 'crash') process.kill(process.pid, 'SIGSEGV');
  else if (dhash === 'refuse') process.send({ error: { code: 'DECODE_FAILED', message: 'refused', facts: {} } });
  else if (dhash !== 'hang') process.send({ result: { dhash, isFrame, width: process.pid, env: process.env.SECRET } });
});
`;

let folder: string;
let describer: ImageDescriber;
const open = (timeoutMs?: number) =>
  createImageDescriber({
    env: {},
    entry: join(folder, 'entry.mjs'),
    ...(timeoutMs && { timeoutMs }),
  });
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-describer-'));
  await writeFile(join(folder, 'entry.mjs'), SCRIPT);
  describer = open();
});
afterEach(async () => {
  describer.close();
  await rm(folder, { recursive: true });
});

const read = (text: string) => describer.describe(Buffer.from(text), true);

describe('a process that describes images', () => {
  it('describes several in turn, without the environment of this process', async () => {
    const [a, b] = await Promise.all([read('a'), read('b')]);
    expect(a).toMatchObject({ dhash: 'a', isFrame: true });
    expect(b).toMatchObject({ dhash: 'b', width: a.width });
    expect(a).toHaveProperty('env', undefined);
  });

  it('fails for an image on which it crashes, and describes the next one', async () => {
    const results = await Promise.allSettled([read('a'), read('crash'), read('b')]);
    expect(results).toMatchObject([
      { value: { dhash: 'a' } },
      { reason: { code: 'DECODE_FAILED' } },
      { value: { dhash: 'b' } },
    ]);
  });

  it('fails for an image that it refuses, or on which it hangs', async () => {
    await expect(read('refuse')).rejects.toMatchObject({
      code: 'DECODE_FAILED',
      message: 'refused',
    });
    describer.close();
    describer = open(300);
    await expect(read('hang')).rejects.toMatchObject({ code: 'DECODE_FAILED' });
  });
});

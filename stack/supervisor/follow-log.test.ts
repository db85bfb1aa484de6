import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { followLog } from './follow-log.js';

let folder: string;
let path: string;
let abort: AbortController;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-log-'));
  path = join(folder, 'api.log');
  abort = new AbortController();
});
afterEach(async () => {
  abort.abort();
  await rm(folder, { recursive: true, force: true });
});

/** Follows the log; `next` resolves with the next text. */
function follow() {
  const texts = followLog(path, { signal: abort.signal, everyMs: 5 });
  return { next: async () => (await texts.next()).value };
}

it('yields lines that are appended, once they are complete', async () => {
  await writeFile(path, 'old\n');
  const { next } = follow();
  const first = next();
  await appendLater('one\ntwo\nthr');
  expect(await first).toBe('one\ntwo');
  const second = next();
  await appendLater('ee é\n');
  expect(await second).toBe('three é');
});

it('continues in the new file when the log is rotated', async () => {
  await writeFile(path, `${'long line\n'.repeat(50)}`);
  const { next } = follow();
  const first = next();
  await appendLater('before\n');
  expect(await first).toBe('before');
  await appendFile(path, 'last\n');
  await rename(path, `${path}.1`);
  await writeFile(path, 'first\n');
  expect(await next()).toBe('last\nfirst');
});

it('waits for a log that does not exist', async () => {
  const { next } = follow();
  const first = next();
  await appendLater('started\n');
  expect(await first).toBe('started');
});

it('ends when the signal aborts', async () => {
  const { next } = follow();
  const first = next();
  abort.abort();
  expect(await first).toBeUndefined();
});

/** Appends after the follower has read the size of the log. */
async function appendLater(text: string): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 30));
  await appendFile(path, text);
}

import { closeSync, fstatSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJournalSync } from './journal-sync.js';

let folder: string;
let synced: number[];
let failures: unknown[];
/** Ends the sync in progress. */
let finish: (error?: Error) => void;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vidette-sync-'));
  [synced, failures] = [[], []];
});
afterEach(() => rmSync(folder, { recursive: true }));

const openFile = (name: string) => openSync(join(folder, name), 'a');
const onFailure = (error: unknown) => failures.push(error);

/** A sync of files that end when the test decides. */
function setUp() {
  const sync = (file: number) => {
    synced.push(file);
    return new Promise<void>((resolve, reject) => {
      finish = (error) => (error ? reject(error) : resolve());
    });
  };
  return createJournalSync({ everyMs: 1, sync, onFailure });
}

const isOpen = (file: number) => {
  try {
    return fstatSync(file).isFile();
  } catch {
    return false;
  }
};

describe('createJournalSync', () => {
  it('syncs the files that have changed once per interval, one at a time', async () => {
    const journals = setUp();
    const [a, b] = [openFile('a'), openFile('b')];
    for (const file of [a, a, b, a]) journals.change(file);
    await expect.poll(() => synced).toEqual([a]);
    journals.change(a);
    finish();
    await expect.poll(() => synced).toEqual([a, b]);
    finish();
    await expect.poll(() => synced).toEqual([a, b, a]);
    finish();
    for (const file of [a, b]) closeSync(file);
  });

  it('closes a file after its last sync, and one without changes at once', async () => {
    const journals = setUp();
    const [changed, current, clean] = [openFile('a'), openFile('b'), openFile('c')];
    journals.change(current);
    await expect.poll(() => synced).toEqual([current]);
    journals.change(changed);
    for (const file of [changed, current, clean]) journals.close(file);
    expect([changed, current, clean].map(isOpen)).toEqual([true, true, false]);
    finish();
    await expect.poll(() => isOpen(current)).toBe(false);
    await expect.poll(() => synced).toEqual([current, changed]);
    finish();
    await expect.poll(() => isOpen(changed)).toBe(false);
  });

  it('reports a failure and continues', async () => {
    const journals = setUp();
    const file = openFile('a');
    journals.change(file);
    await expect.poll(() => synced).toHaveLength(1);
    finish(new Error('no disk'));
    await expect.poll(() => failures).toEqual([new Error('no disk')]);
    journals.change(file);
    await expect.poll(() => synced).toHaveLength(2);
    finish();
    closeSync(file);
  });

  it('syncs files and folders of the system', async () => {
    const journals = createJournalSync({ everyMs: 1, onFailure });
    const file = openFile('a');
    writeSync(file, 'row');
    journals.change(file);
    journals.create(folder);
    journals.close(file);
    await expect.poll(() => isOpen(file)).toBe(false);
    journals.create(join(folder, 'missing'));
    await expect.poll(() => failures).toMatchObject([{ code: 'ENOENT' }]);
  });
});

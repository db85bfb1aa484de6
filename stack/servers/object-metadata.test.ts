import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataPaths, makeDataFolder } from '../data-folder.js';
import { chooseMetadata } from './object-metadata.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-test-'));
  await makeDataFolder(folder, join(folder, 'scratch'));
});
afterEach(() => rm(folder, { recursive: true }));

/** An executable that fails with a message, as versitygw does without credentials. */
async function failing(message: string): Promise<string> {
  const path = join(folder, 'versitygw');
  await writeFile(path, `#!/bin/sh\necho "$1 $2: ${message}" >&2\nexit 1\n`, { mode: 0o755 });
  return path;
}

describe('chooseMetadata', () => {
  it.each([
    ['creates', 'xattr check failed: xattrs are not supported on this filesystem', true],
    ['does not create', 'root user access and secret key must be provided', false],
  ])('%s a folder if versitygw reports "%s"', async (_does, message, isCreated) => {
    const paths = dataPaths(folder);
    await chooseMetadata({ path: await failing(message), kind: 'versitygw' }, paths);
    expect(existsSync(paths.objectMetadata)).toBe(isCreated);
  });
});

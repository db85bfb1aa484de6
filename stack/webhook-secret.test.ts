import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WEBHOOK_SECRET } from '../domain/job/webhook.js';
import { ensureWebhookSecret } from './webhook-secret.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-test-'));
  path = join(folder, 'webhook-secret');
});
afterEach(() => rm(folder, { recursive: true }));

const modeOf = async () => (await stat(path)).mode & 0o777;

describe('ensureWebhookSecret', () => {
  it('creates a random secret once, readable by its owner only', async () => {
    const secret = await ensureWebhookSecret(path);
    expect(secret).toMatch(WEBHOOK_SECRET);
    expect(await modeOf()).toBe(0o600);
    expect(await ensureWebhookSecret(path)).toBe(secret);
    expect(await ensureWebhookSecret(join(folder, 'other'))).not.toBe(secret);
  });

  it('restores the file mode', async () => {
    const secret = await ensureWebhookSecret(path);
    await chmod(path, 0o644);
    expect(await ensureWebhookSecret(path)).toBe(secret);
    expect(await modeOf()).toBe(0o600);
  });

  it('rejects a file with other content and keeps it', async () => {
    await writeFile(path, 'whsec_short\n');
    await expect(ensureWebhookSecret(path)).rejects.toMatchObject({ code: 'SETUP_FAILED' });
    expect(await readFile(path, 'utf8')).toBe('whsec_short\n');
  });
});

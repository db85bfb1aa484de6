import { randomBytes } from 'node:crypto';
import { chmod, readFile } from 'node:fs/promises';
import { isMissingFile } from '../platform/is-missing-file.js';
import { AppError } from '../domain/errors.js';
import { WEBHOOK_SECRET } from '../domain/job/webhook.js';
import { writeText } from './write-json.js';

const KEY_BYTES = 32;

/**
 * Reads the stored secret for signing webhooks, or creates a random one; the file is readable by its
 * owner only.
 * @throws AppError `SETUP_FAILED` if the file has other content.
 */
export async function ensureWebhookSecret(path: string): Promise<string> {
  const stored = await readFile(path, 'utf8').catch(ignoreMissing);
  if (stored === undefined) {
    const secret = `whsec_${randomBytes(KEY_BYTES).toString('base64')}`;
    await writeText(path, `${secret}\n`);
    return secret;
  }
  await chmod(path, 0o600);
  const secret = stored.trim();
  if (WEBHOOK_SECRET.test(secret)) return secret;
  const advice = 'Correct the file, or delete it to create a new secret.';
  throw new AppError('SETUP_FAILED', `${path} does not contain a valid webhook secret. ${advice}`);
}

function ignoreMissing(error: unknown): undefined {
  if (isMissingFile(error)) return undefined;
  throw error;
}

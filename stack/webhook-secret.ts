import { randomBytes } from 'node:crypto';
import { chmod, readFile } from 'node:fs/promises';
import { AppError } from '../domain/errors.js';
import { WEBHOOK_SECRET } from '../domain/job/webhook.js';
import { writeText } from './write-json.js';

const KEY_BYTES = 32;

/**
 * The secret kept at a path that webhooks are signed with, made at random the first time; readable by
 * the user only. @throws AppError `SETUP_FAILED` when the file holds something else.
 */
export async function ensureWebhookSecret(path: string): Promise<string> {
  const kept = await readFile(path, 'utf8').catch(unlessMissing);
  if (kept === undefined) {
    const secret = `whsec_${randomBytes(KEY_BYTES).toString('base64')}`;
    await writeText(path, `${secret}\n`);
    return secret;
  }
  await chmod(path, 0o600);
  const secret = kept.trim();
  if (WEBHOOK_SECRET.test(secret)) return secret;
  const advice = 'Mend the file, or remove it to have a new secret made.';
  throw new AppError('SETUP_FAILED', `${path} holds no secret of webhooks. ${advice}`);
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}

import { randomBytes } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { z } from 'zod';
import { readJson, writeJson } from './write-json.js';

const credentialsSchema = z.object({ accessKey: z.string().min(3), secretKey: z.string().min(8) });

/** The object store's root user. */
export type Credentials = z.infer<typeof credentialsSchema>;

/** The credentials kept at a path; undefined when there are none. */
export async function readCredentials(path: string): Promise<Credentials | undefined> {
  const kept = credentialsSchema.safeParse(await readJson(path));
  return kept.success ? kept.data : undefined;
}

/** The credentials kept at a path, made at random the first time; readable by the user only. */
export async function ensureCredentials(path: string): Promise<Credentials> {
  const kept = await readCredentials(path);
  if (kept) {
    await chmod(path, 0o600);
    return kept;
  }
  const credentials = {
    accessKey: `vidette-${randomBytes(6).toString('hex')}`,
    secretKey: randomBytes(24).toString('base64url'),
  };
  await writeJson(path, credentials);
  return credentials;
}

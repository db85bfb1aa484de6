import { randomBytes } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { z } from 'zod';
import { CAMERA_KEY, createCameraKey } from '../domain/stream/camera-seal.js';
import { readJson, writeJson } from './write-json.js';

const credentialsSchema = z.object({
  accessKey: z.string().min(3),
  secretKey: z.string().min(8),
  /** Missing in a data folder of an older version until its stack starts. */
  cameraKey: z.string().regex(CAMERA_KEY).optional(),
});

/** Root user of the object store, and the key that seals the URLs of cameras. */
export type Credentials = z.infer<typeof credentialsSchema>;

/** Reads stored credentials; undefined if there are none. */
export async function readCredentials(path: string): Promise<Credentials | undefined> {
  const stored = credentialsSchema.safeParse(await readJson(path));
  return stored.success ? stored.data : undefined;
}

/** Reads stored credentials, or creates random ones; the file is readable by its owner only. */
export async function ensureCredentials(path: string): Promise<Credentials> {
  const stored = await readCredentials(path);
  if (stored?.cameraKey !== undefined) {
    await chmod(path, 0o600);
    return stored;
  }
  const credentials = {
    accessKey: `vidette-${randomBytes(6).toString('hex')}`,
    secretKey: randomBytes(24).toString('base64url'),
    cameraKey: createCameraKey(),
    ...stored,
  };
  await writeJson(path, credentials);
  return credentials;
}

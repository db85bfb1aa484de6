import { createHash, type Hash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ModelFacts } from '../../domain/model/known-models.js';
import { sha256OfFile } from '../../platform/file-hash.js';

/** Whether a file exists with the size and SHA-256 of the model. */
export async function isVerified(path: string, facts: ModelFacts): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.size === facts.size_bytes && (await sha256OfFile(path)) === facts.sha256;
}

/** Writes a model file atomically after verifying its size and SHA-256. */
export async function saveVerified(
  content: Readable,
  path: string,
  facts: ModelFacts,
): Promise<void> {
  const temporary = `${path}.${randomUUID()}.part`;
  const hash = createHash('sha256');
  try {
    await pipeline(content, verifySize(hash, facts.size_bytes), createWriteStream(temporary));
    const found = hash.digest('hex');
    if (found !== facts.sha256) throw new Error(`not the expected file: its SHA-256 is ${found}`);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

function verifySize(hash: Hash, sizeBytes: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      done(bytes > sizeBytes ? wrongSize(`more than ${sizeBytes}`) : null, chunk);
    },
    flush(done) {
      done(bytes < sizeBytes ? wrongSize(`${bytes} instead of ${sizeBytes}`) : null);
    },
  });
}

function wrongSize(bytes: string): Error {
  return new Error(`not the expected file: it has ${bytes} bytes`);
}

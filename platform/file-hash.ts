import { createReadStream } from 'node:fs';
import { sha256OfChunks } from '../domain/hash.js';

/** SHA-256 of a file, in lower-case hexadecimal. */
export function sha256OfFile(path: string): Promise<string> {
  return sha256OfChunks(createReadStream(path));
}

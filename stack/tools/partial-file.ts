import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { headerOf, type Response } from './http.js';

const sourceSchema = z.object({ url: z.string(), validator: z.string() });

/** Content of an unfinished download at `{path}.part`, and beside it what it is a part of. */
export interface PartialFile {
  readonly path: string;
  /** Returns the size in bytes; 0 if it does not exist. */
  size(): Promise<number>;
  /** Returns the headers of a request for the rest; none if it must start from the beginning. */
  resumeHeaders(url: string): Promise<Readonly<Record<string, string>>>;
  /** Records what the content is a part of, before it is written. */
  begin(url: string, response: Response): Promise<void>;
  /** Moves the complete content to `path`. */
  finish(): Promise<void>;
  discard(): Promise<void>;
}

export function partialFile(path: string): PartialFile {
  const part = `${path}.part`;
  const record = `${path}.part.json`;
  const size = async () => (await stat(part).catch(() => undefined))?.size ?? 0;
  return {
    path: part,
    size,
    resumeHeaders: async (url): Promise<Readonly<Record<string, string>>> => {
      const bytes = await size();
      const source = await readSource(record);
      if (bytes === 0 || source?.url !== url) return {};
      return { range: `bytes=${bytes}-`, 'if-range': source.validator };
    },
    begin: async (url, response) => {
      const etag = headerOf(response, 'etag');
      // A weak ETag does not identify bytes.
      const validator = etag?.startsWith('"') ? etag : headerOf(response, 'last-modified');
      if (validator === undefined) await rm(record, { force: true });
      else await writeFile(record, JSON.stringify({ url, validator }));
    },
    finish: async () => {
      await rename(part, path);
      await rm(record, { force: true });
    },
    discard: async () => {
      await rm(part, { force: true });
      await rm(record, { force: true });
    },
  };
}

async function readSource(path: string): Promise<z.infer<typeof sourceSchema> | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  try {
    return sourceSchema.parse(JSON.parse(text));
  } catch {
    return undefined; // missing, or written by a process that was killed
  }
}

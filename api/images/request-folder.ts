import { setMaxListeners } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Where the files of one request are, from its first picture to its answer. */
export interface RequestFolder {
  readonly folder: string;
  /** Aborted when the client goes away before it has its answer. */
  readonly signal: AbortSignal;
}

/** Gives each request a folder of its own, which is removed when the connection has its answer. */
export type RequestFolders = (
  request: FastifyRequest,
  reply: FastifyReply,
) => Promise<RequestFolder>;

/**
 * Folders in `root`. Files are written there without waiting for the disk and are gone some
 * milliseconds later, so that they hardly ever reach it.
 */
export function createRequestFolders(root: string): RequestFolders {
  const open = new WeakMap<FastifyRequest, Promise<RequestFolder>>();
  return (request, reply) => {
    const known = open.get(request);
    if (known) return known;
    const made = createRequestFolder(root, reply);
    open.set(request, made);
    return made;
  };
}

async function createRequestFolder(root: string, { raw }: FastifyReply): Promise<RequestFolder> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(root, 'request-'));
  const gone = new AbortController();
  // Each picture of the request listens.
  setMaxListeners(0, gone.signal);
  const end = () => {
    if (!raw.writableFinished) gone.abort();
    void rm(folder, { recursive: true, force: true });
  };
  if (raw.closed) end();
  else raw.once('close', end);
  return { folder, signal: gone.signal };
}

import { setMaxListeners } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Folder for the files of one request. */
export interface RequestFolder {
  readonly folder: string;
  /** Aborted if the client disconnects before the response. */
  readonly signal: AbortSignal;
}

/** Returns the folder of a request; it is removed after the response. */
export type RequestFolders = (
  request: FastifyRequest,
  reply: FastifyReply,
) => Promise<RequestFolder>;

/**
 * Creates request folders in `root`. Files are written without fsync and removed milliseconds later,
 * so they rarely reach the disk.
 */
export function createRequestFolders(root: string): RequestFolders {
  const open = new WeakMap<FastifyRequest, Promise<RequestFolder>>();
  return (request, reply) => {
    const existing = open.get(request);
    if (existing) return existing;
    const created = createRequestFolder(root, reply);
    open.set(request, created);
    return created;
  };
}

async function createRequestFolder(root: string, { raw }: FastifyReply): Promise<RequestFolder> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(root, 'request-'));
  const disconnected = new AbortController();
  // Each image of the request adds a listener.
  setMaxListeners(0, disconnected.signal);
  const end = () => {
    if (!raw.writableFinished) disconnected.abort();
    void rm(folder, { recursive: true, force: true });
  };
  if (raw.closed) end();
  else raw.once('close', end);
  return { folder, signal: disconnected.signal };
}

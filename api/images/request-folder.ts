import { setMaxListeners } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Folder for the files of one request. */
export interface RequestFolder {
  readonly folder: string;
  /** Aborted if the client disconnects before the response. */
  readonly signal: AbortSignal;
  /**
   * Calls a function once the response is sent or the client has disconnected. The folder is kept until
   * the function that it receives is called.
   */
  readonly afterResponse: (work: (release: () => void) => void) => void;
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
  const after: ((release: () => void) => void)[] = [];
  let holders = 1; // the response
  const release = () => {
    holders -= 1;
    if (holders === 0) void rm(folder, { recursive: true, force: true });
  };
  const end = () => {
    if (!raw.writableFinished) disconnected.abort();
    holders += after.length;
    for (const work of after) work(release);
    release();
  };
  if (raw.closed) end();
  else raw.once('close', end);
  const afterResponse: RequestFolder['afterResponse'] = (work) => {
    if (!raw.closed) after.push(work);
  };
  return { folder, signal: disconnected.signal, afterResponse };
}

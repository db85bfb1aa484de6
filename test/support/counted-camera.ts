import type { Socket } from 'node:net';
import { startHttpCamera } from './http-camera.js';
import { serveMovingImages } from './moving-camera.js';

/** An MJPEG camera that counts its connections. */
export interface CountedCamera {
  readonly url: string;
  /** Connections since the start. */
  readonly connections: number;
  /** Maximum number of connections at the same time. */
  readonly mostOpen: number;
}

export async function startCountedCamera(): Promise<CountedCamera> {
  const open = new Set<Socket>();
  const counts = { connections: 0, mostOpen: 0 };
  const { requestUrl: url } = await startHttpCamera((request, response) => {
    open.add(request.socket);
    request.socket.once('close', () => open.delete(request.socket));
    counts.connections++;
    counts.mostOpen = Math.max(counts.mostOpen, open.size);
    serveMovingImages(request, response);
  });
  return Object.assign(counts, { url });
}

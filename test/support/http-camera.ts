import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type CameraUrl,
  type Credentials,
  parseCameraUrl,
} from '../../domain/stream/camera-url.js';

/** Part of the path and the query of cameras, which no message may contain. */
export const CAMERA_SECRET = 'planted-secret';

const servers: Server[] = [];

/** Starts a camera on loopback and returns its URL. */
export async function startHttpCamera(
  listener: RequestListener,
  credentials?: Credentials,
): Promise<CameraUrl> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // not a pipe, so not a string
  const url = `http://127.0.0.1:${port}/${CAMERA_SECRET}?token=${CAMERA_SECRET}`;
  return parseCameraUrl(url, credentials);
}

/** Closes all cameras and their connections. */
export function stopHttpCameras(): void {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
}

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A camera on loopback. */
export interface BenchCamera {
  readonly url: string;
  close(): void;
}

/** An MJPEG camera: a listener of an HTTP server, and its frames. */
export interface MjpegFrames {
  readonly listener: RequestListener;
  readonly stop: () => void;
}

const START_OF_IMAGE = Buffer.from([0xff, 0xd8, 0xff]);
const END = Buffer.from('\r\n');

/** Starts a camera on loopback that sends the JPEGs of a file. */
export async function startMjpegCamera(path: string, intervalMs: number): Promise<BenchCamera> {
  const frames = repeatJpegs(splitJpegs(await readFile(path)), intervalMs);
  const server = createServer(frames.listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // not a pipe, so not a string
  return {
    url: `http://127.0.0.1:${port}/live`,
    close: () => {
      frames.stop();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Sends JPEGs to all viewers, one after another, again and again. */
export function repeatJpegs(jpegs: readonly Buffer[], intervalMs: number): MjpegFrames {
  const viewers = new Set<ServerResponse>();
  let next = 0;
  const timer = setInterval(() => {
    const jpeg = jpegs[next++ % jpegs.length]!;
    const header = `--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`;
    for (const viewer of viewers) viewer.write(Buffer.concat([Buffer.from(header), jpeg, END]));
  }, intervalMs);
  return {
    listener: (_, response) => {
      response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' });
      viewers.add(response);
      response.on('close', () => viewers.delete(response));
    },
    stop: () => clearInterval(timer),
  };
}

/** Splits a file of JPEGs, one after another. */
export function splitJpegs(bytes: Buffer): Buffer[] {
  const starts: number[] = [];
  for (let at = bytes.indexOf(START_OF_IMAGE); at !== -1;) {
    starts.push(at);
    at = bytes.indexOf(START_OF_IMAGE, at + 1);
  }
  return starts.map((start, i) => bytes.subarray(start, starts[i + 1]));
}

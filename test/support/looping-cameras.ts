import { readFile } from 'node:fs/promises';
import { repeatJpegs, splitJpegs } from '../../bench/cameras/mjpeg-camera.js';
import { parseCameraUrl } from '../../domain/stream/camera-url.js';
import type { AccessUnit } from '../../domain/stream/access-unit.js';
import { startHttpCamera } from './http-camera.js';
import { h264Fragments, rtpPacket } from './rtp-packets.js';
import { startRtspServer } from './rtsp-server.js';

/** A camera on loopback that sends the same frames again and again. */
export interface LoopingCamera {
  readonly url: string;
  /** Number of connections so far. */
  readonly connections: () => number;
  close(): void;
}

/**
 * Starts an HTTP camera that sends the JPEGs of a file.
 * @param path file of JPEGs, one after another.
 */
export async function startMjpegCamera(path: string, intervalMs: number): Promise<LoopingCamera> {
  const frames = repeatJpegs(splitJpegs(await readFile(path)), intervalMs);
  let connections = 0;
  const camera = await startHttpCamera((request, response) => {
    connections++;
    frames.listener(request, response);
  });
  return { url: camera.requestUrl, connections: () => connections, close: frames.stop };
}

/** Ticks of the clock of RTP per ms. */
const TICKS_PER_MS = 90;
/** Bytes of a packet's payload. */
const PACKET_BYTES = 1200;
const START_CODE = Buffer.from([0, 0, 1]);

/** Starts an RTSP camera that sends the H.264 units of a group over and over. */
export async function startRtspCamera(
  units: readonly AccessUnit[],
  intervalMs: number,
): Promise<LoopingCamera> {
  const server = await startRtspServer();
  let [next, sequence] = [0, 0];
  const start = performance.now();
  const timer = setInterval(() => {
    // Timers are late on a slow machine; the clock of a camera is not.
    const timestamp = Math.round((performance.now() - start) * TICKS_PER_MS);
    const payloads = nalsOf(units[next++ % units.length]!.data).flatMap((nal) =>
      nal.length > PACKET_BYTES ? h264Fragments(nal, PACKET_BYTES) : [nal],
    );
    payloads.forEach((payload, i) => {
      const marker = i === payloads.length - 1;
      server.sendRtp(rtpPacket({ sequence: sequence++, timestamp, marker, payload }));
    });
  }, intervalMs);
  return {
    url: parseCameraUrl(server.url).requestUrl,
    connections: () => server.methods().filter((method) => method === 'PLAY').length,
    close: () => {
      clearInterval(timer);
      server.close();
    },
  };
}

/** Splits Annex B at its start codes. */
function nalsOf(data: Buffer): Buffer[] {
  const nals: Buffer[] = [];
  for (let at = data.indexOf(START_CODE); at !== -1;) {
    const start = at + START_CODE.length;
    at = data.indexOf(START_CODE, start);
    const end = at === -1 ? data.length : at;
    // A start code may have a fourth byte in front.
    nals.push(data.subarray(start, data[end - 1] === 0 && at !== -1 ? end - 1 : end));
  }
  return nals;
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { ResultPromise } from 'execa';
import getPort from 'get-port';
import {
  type CameraServer,
  type CameraServerOptions,
  end,
  type ServerKind,
  startProcess,
  STREAM,
  suspend,
  waitForStream,
} from './camera-server.js';
import { findGo2rtc } from '../../bench/cameras/go-programs.js';

interface Processes {
  readonly server: ResultPromise;
  /** Publishes the clip. */
  readonly source: ResultPromise;
}

/** go2rtc answers with 404 until a clip is published, if not with an error of its own. */
const STATUSES_WITHOUT_SOURCE = [200, 404, 500];

/** Starts go2rtc and an ffmpeg that publishes a clip to it. */
async function startGo2rtc({ clip }: CameraServerOptions): Promise<CameraServer> {
  const port = await getPort();
  const url = `rtsp://127.0.0.1:${port}/${STREAM}`;
  const path = await findGo2rtc();
  const start = async (): Promise<Processes> => {
    const server = startProcess(path, ['-config', JSON.stringify(settings(port))]);
    const input = ['-re', '-stream_loop', '-1', '-i', clip.longPath, '-c', 'copy'];
    const output = ['-f', 'rtsp', '-rtsp_transport', 'tcp', url];
    await waitForStream(port, { statuses: STATUSES_WITHOUT_SOURCE });
    const source = startProcess('ffmpeg', ['-v', 'error', '-nostdin', ...input, ...output]);
    await waitForStream(port);
    return { server, source };
  };
  const stop = async ({ server, source }: Processes) => {
    await Promise.all([end(server), end(source)]);
  };
  let processes = await start();
  return {
    url,
    stall: (ms) => suspend(processes.source, ms),
    away: async (ms) => {
      await stop(processes);
      await sleep(ms);
      processes = await start();
    },
    close: () => stop(processes),
  };
}

/** Settings with one stream, which is published by RTSP, and without other servers. */
function settings(port: number) {
  const off = { listen: '' };
  return {
    ...{ api: off, webrtc: off, srtp: off, log: { level: 'error' } },
    rtsp: { listen: `127.0.0.1:${port}` },
    streams: { [STREAM]: null },
  };
}

export const GO2RTC: ServerKind = {
  name: 'go2rtc',
  // It requires no credentials of clients on loopback.
  auth: [],
  hasTls: false,
  start: startGo2rtc,
};

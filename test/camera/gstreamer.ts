import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import getPort from 'get-port';
import { projectFile } from '../../platform/package-root.js';
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

const SCRIPT = projectFile('test/camera/gstreamer-server.py');
/** DESCRIBE would load the clip, and the next DESCRIBE fails while it is unloaded. */
const READINESS = { method: 'OPTIONS' } as const;
/** The Python for which Debian installs the bindings. */
const PYTHON = '/usr/bin/python3';
const PACKAGES =
  'python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good ' +
  'gstreamer1.0-plugins-bad';

async function startGstreamer(options: CameraServerOptions): Promise<CameraServer> {
  const port = await getPort();
  const { clip, credentials, auth = 'md5' } = options;
  const access = credentials ? [credentials.username, credentials.password, auth] : [];
  const clipOptions = [String(port), clip.codec, clip.longPath, STREAM];
  const start = () => startProcess(PYTHON, [SCRIPT, ...clipOptions, ...access]);
  let server = start();
  await waitForStream(port, READINESS);
  return {
    url: `rtsp://127.0.0.1:${port}/${STREAM}`,
    stall: (ms) => suspend(server, ms),
    away: async (ms) => {
      await end(server);
      await sleep(ms);
      server = start();
      await waitForStream(port, READINESS);
    },
    close: () => end(server),
  };
}

/** Reason why the server cannot run; undefined if it can. */
async function missingParts(): Promise<string | undefined> {
  const { failed, stderr } = await execa(PYTHON, [SCRIPT], { reject: false });
  if (!failed) return undefined;
  const reason = stderr.trim().split('\n').at(-1) || `${PYTHON} is missing`;
  return `${reason}; install it by apt-get install ${PACKAGES}`;
}

export const GSTREAMER: ServerKind = {
  name: 'GStreamer',
  missing: await missingParts(),
  auth: ['basic', 'md5'],
  hasTls: false,
  start: startGstreamer,
};

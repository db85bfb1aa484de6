import { z } from 'zod';
import { startFaultCameraProcess } from '../../bench/cameras/fault-camera.js';
import {
  type CameraServer,
  type CameraServerOptions,
  end,
  type ServerKind,
  STREAM,
} from './camera-server.js';

/** Faults whose value is a duration in milliseconds, but for `loss` (packets of a thousand). */
export type Fault =
  'stall' | 'still' | 'corrupt' | 'jump' | 'reset' | 'loss' | 'disconnect' | 'away';

const STATS = z.object({
  /** Sessions so far, now, and at most at the same time. */
  sessions: z.int(),
  active: z.int(),
  most_active: z.int(),
  /** Requests with missing or wrong credentials. */
  refused: z.int(),
  /** Frames of the clip by their numbers, and the times at which they were sent. */
  sent: z.array(z.object({ index: z.int(), at_ms: z.int() })),
});

export type FaultCameraStats = z.infer<typeof STATS>;

export interface FaultCamera extends CameraServer {
  inject(fault: Fault, value?: number): Promise<void>;
  stats(): Promise<FaultCameraStats>;
}

export interface FaultCameraOptions extends CameraServerOptions {
  /** URL to which the camera redirects. */
  readonly redirect?: string;
}

/** Starts a camera that has faults on command. */
export async function startFaultCamera(options: FaultCameraOptions): Promise<FaultCamera> {
  const { rtsp, control, child } = await startFaultCameraProcess(cameraArguments(options));
  const request = async (path: string, method = 'POST') => {
    const response = await fetch(`http://${control}/${path}`, { method });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response;
  };
  const inject = async (fault: Fault, value = 0) => void (await request(`${fault}?value=${value}`));
  return {
    url: `${options.tls ? 'rtsps' : 'rtsp'}://${rtsp}/${STREAM}`,
    inject,
    stats: async () => STATS.parse(await (await request('stats', 'GET')).json()),
    stall: (ms) => inject('stall', ms),
    away: (ms) => inject('away', ms),
    close: () => end(child),
  };
}

function cameraArguments({ clip, credentials, auth, tls, redirect }: FaultCameraOptions) {
  return [
    ...['-file', clip.path, '-codec', clip.codec],
    ...(credentials ? ['-username', credentials.username, '-password', credentials.password] : []),
    ...(auth ? ['-auth', auth] : []),
    ...(tls ? ['-cert', tls.cert, '-key', tls.key] : []),
    ...(redirect === undefined ? [] : ['-redirect', redirect]),
  ];
}

export const FAULT_CAMERA: ServerKind = {
  name: 'gortsplib',
  auth: ['basic', 'md5', 'sha256'],
  hasTls: true,
  start: startFaultCamera,
};

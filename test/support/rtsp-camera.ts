import { parseCameraUrl } from '../../domain/stream/camera-url.js';
import { openRtspCamera, type RtspCameraOptions } from '../../adapters/rtsp/rtsp-camera.js';
import type { TimedUnit } from '../../adapters/rtsp/track-reader.js';
import { h264Nal, type PacketFields, rtpPacket } from './rtp-packets.js';
import { type RtspServerOptions, startRtspServer, type TestRtspServer } from './rtsp-server.js';

/** Starts servers and opens cameras on loopback, until `closeAll`. */
export function createTestCameras() {
  const closers: (() => unknown)[] = [];
  return {
    /** Runs at `closeAll`. */
    onClose: (close: () => unknown) => void closers.push(close),
    closeAll: async () => {
      for (const close of closers.splice(0).reverse()) await close();
    },
    serve: async (options?: RtspServerOptions): Promise<TestRtspServer> => {
      const server = await startRtspServer(options);
      closers.push(server.close);
      return server;
    },
    open: async (url: string, options: Partial<RtspCameraOptions> = {}) => {
      const units: TimedUnit[] = [];
      const camera = await openRtspCamera({
        url: parseCameraUrl(url),
        cameraNetworks: ['127.0.0.0/8'],
        onUnit: (unit) => units.push(unit),
        ...options,
      });
      closers.push(camera.close);
      return { ...camera, units };
    },
  };
}

/** An H.264 keyframe without parameter sets. */
export const IDR = h264Nal(5, 400);

/** A packet that is an access unit of its own. */
export function unitPacket(sequence: number, fields: PacketFields = {}): Buffer {
  return rtpPacket({ sequence, timestamp: 3000 * sequence, marker: true, payload: IDR, ...fields });
}

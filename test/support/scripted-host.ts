import type { StreamLoad, StreamStatus } from '../../domain/stream/scenario-contracts.js';
import type { Size } from '../../domain/result/detection.js';
import type { LogEnd } from '../../domain/stream/ledger.js';
import type {
  AttachOptions,
  CameraAttachment,
  CameraHost,
  DetachReason,
} from '../../streams/camera-host.js';

/** Size of the frames of its cameras. */
export const FRAME_SIZE: Size = { width: 1920, height: 1080 };

/** Load of its cameras. */
export const CAMERA_LOAD: StreamLoad = { rows_behind: 3, frames_dropped: 5 };

/** A host of cameras that a test controls. */
export interface ScriptedHost extends CameraHost {
  /** Status of all cameras. */
  status: StreamStatus;
  readonly attachments: AttachOptions[];
  readonly detached: DetachReason[];
  /** Ends the file of the camera, or rejects. */
  end(error?: Error): void;
}

export function createScriptedHost(logEnd: LogEnd): ScriptedHost {
  let resolve: () => void;
  let reject: (error: Error) => void;
  const ended = new Promise<void>((onEnd, onError) => {
    resolve = onEnd;
    reject = onError;
  });
  ended.catch(() => undefined); // the activity may not be watching
  const since = new Date().toISOString();
  const host: ScriptedHost = {
    status: { state: 'live', since, message: '', frame_number: 0, fps: 2, lag_ms: 0 },
    attachments: [],
    detached: [],
    attach: (options) => {
      host.attachments.push(options);
      return Promise.resolve(attachment);
    },
    isOpen: () => host.attachments.length > host.detached.length,
    end: (error) => (error ? reject(error) : resolve()),
    close: () => Promise.resolve(),
  };
  const attachment = {
    ended,
    status: () => host.status,
    load: () => CAMERA_LOAD,
    units: { follow: () => () => undefined, size: () => FRAME_SIZE },
    detach: (reason: DetachReason) => {
      host.detached.push(reason);
      return Promise.resolve(logEnd);
    },
  } as Partial<CameraAttachment> as CameraAttachment; // the activity uses no more of it
  return host;
}

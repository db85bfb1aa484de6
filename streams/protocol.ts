import type { ErrorCode, ErrorFacts } from '../domain/errors.js';
import type { ModelInput } from '../domain/model/model-manifest.js';
import type { Size } from '../domain/result/detection.js';
import type { AccessUnit } from '../domain/stream/access-unit.js';
import type { GapCause } from '../domain/stream/gap.js';
import type { ScenarioInput } from '../domain/stream/scenario-input.js';
import type { StreamState } from '../domain/stream/stream-state.js';
import type { Loss } from './losses.js';

/** What a camera process needs of this host. */
export interface CameraSettings {
  /** Paths of the scripts that fence ffmpeg and ffprobe in. */
  readonly launcher: string;
  readonly prober: string;
  /** Time without CPU use after which ffprobe counts as hung, in seconds. */
  readonly stallS: number;
  /** Maximum pixels of a frame. */
  readonly maxPixels: number;
  readonly cameraNetworks: readonly string[];
  readonly deniedAddresses: readonly string[];
  /** Folder of files that may be read; undefined: none. */
  readonly fileRoot: string | undefined;
}

/** Parameters of a scenario that its camera process uses. */
export interface CameraParameters extends Pick<
  ScenarioInput,
  'fps' | 'gate' | 'pace' | 'loop' | 'max_lag_ms'
> {
  /**
   * Time before the row that starts an event from which its clip has frames, in ms; undefined if no
   * clips are recorded.
   */
  readonly clipBeforeMs: number | undefined;
  /** Input of the model: frames are resized for it. */
  readonly input: Pick<ModelInput, 'width' | 'height' | 'resize'>;
}

/** Task of a camera process, sent once. */
export interface CameraTask {
  readonly settings: CameraSettings;
  /** URL of the camera with its credentials, which are sent by this channel alone. */
  readonly url: string;
  readonly parameters: CameraParameters;
  /** Paths of the files for the pixels of frames; all are free at first. */
  readonly slots: readonly string[];
  /** Time before which no frame arrives, in ms since 1970: the log is accounted for until then. */
  readonly notBefore: number;
}

/** Messages to a camera process. */
export type ToCamera =
  | { readonly type: 'start'; readonly task: CameraTask }
  | { readonly type: 'configure'; readonly parameters: CameraParameters }
  /** The pixels in a slot were read. */
  | { readonly type: 'free'; readonly slot: number }
  | { readonly type: 'snapshot'; readonly id: number }
  /** Sends the units from a time on, and the ones that follow, until they are stopped. */
  | { readonly type: 'units'; readonly id: number; readonly fromMs: number }
  | { readonly type: 'stop-units'; readonly id: number };

/** A frame of a camera, the first in its slot of time. */
export interface FrameNotice {
  /** Slot with its pixels; undefined for a still frame that was not decoded. */
  readonly slot: number | undefined;
  readonly layout: 'planes' | 'pixels';
  /** Size of the frame, before it was resized for the model. */
  readonly size: Size;
  /** Size of its pixels. */
  readonly content: Size;
  /** Arrival of its last packet, in ms since 1970. */
  readonly arrival: number;
  /** Arrival of the frame that it looks like; its own if it differs from the frames before. */
  readonly scene: number;
  readonly damaged: boolean;
  /** UTC of the camera in ms since 1970; null if it does not report it. */
  readonly cameraTime: number | null;
  /** Whether the frame must not be replaced by a newer one. */
  readonly keep: boolean;
  /** Frames per second that the slots of time are made with. */
  readonly fps: number;
  /** Time before the frame, after the one that was sent before it, in which frames are missing. */
  readonly losses: readonly Loss[];
}

/** Change of a camera's state at an instant, in ms since 1970. */
export interface StateNotice {
  readonly at: number;
  readonly state: StreamState;
  /** Cause of the gap that begins now. While the camera is live: of gaps that no frame explains. */
  readonly cause: GapCause;
  /** Message of the state; default: that of the cause. */
  readonly message?: string;
}

/** Messages from a camera process. */
export type FromCamera =
  | { readonly type: 'frame'; readonly frame: FrameNotice }
  | ({ readonly type: 'state' } & StateNotice)
  /** Sent every second, with the instant until which everything was sent, if that is known. */
  | { readonly type: 'alive'; readonly at: number | undefined }
  /** Frames were dropped because this process or its decoder is too slow. */
  | { readonly type: 'overload'; readonly frames: number }
  | { readonly type: 'snapshot'; readonly id: number; readonly jpeg: Buffer | undefined }
  | { readonly type: 'unit'; readonly id: number; readonly unit: AccessUnit }
  /** The file has ended. */
  | { readonly type: 'ended'; readonly at: number }
  /** The input is wrong: another attempt would fail too. */
  | {
      readonly type: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly facts: ErrorFacts;
    };

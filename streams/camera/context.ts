import type { CameraUrl } from '../../domain/stream/camera-url.js';
import type { CameraParameters, CameraSettings } from '../protocol.js';
import type { CameraClock } from './camera-clock.js';
import type { FrameSink } from './frame-sink.js';
import type { Outbox } from './outbox.js';
import type { UnitFeeds } from './unit-feeds.js';

/** What the parts of a camera process share. */
export interface CameraContext {
  readonly settings: CameraSettings;
  /** Parsed URL, and the URL as it was given. */
  readonly url: CameraUrl;
  readonly givenUrl: string;
  /** Present parameters, which may change at any time. */
  readonly parameters: () => CameraParameters;
  readonly clock: CameraClock;
  readonly outbox: Outbox;
  readonly sink: FrameSink;
  readonly feeds: UnitFeeds;
  /** Reports that frames were dropped because this host is too slow. */
  readonly onOverload: (frames?: number) => void;
}

/** Reads a camera until its connection ends; a file until it has ended. */
export interface SourceReader {
  /**
   * Resolves when a file has ended.
   * @param onOpen called when the connection is open, before the first frame.
   * @throws AppError when the connection has ended, and the reason of the signal.
   */
  read(signal: AbortSignal, onOpen: () => void): Promise<void>;
  /** Applies changed parameters. Returns false if the camera must be read again for them. */
  reconfigure(): boolean;
}

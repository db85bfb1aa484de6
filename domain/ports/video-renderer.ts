import type { TimedRow } from '../export/rows-with-duration.js';
import type { ColourOf } from '../result/class-colours.js';
import type { FrameIdentity } from '../video/frame-range.js';
import type { VideoInfo } from '../video/video.js';

/** Objects that are drawn over the frames of a video. */
export interface Overlay {
  readonly rows: AsyncIterable<TimedRow>;
  readonly colourOf: ColourOf;
}

/** Request to render a whole video from another one. */
export interface RenderRequest {
  /** Absolute path of the source; the server chose the name. */
  readonly source: string;
  /** Folder of this attempt, which receives the video. */
  readonly folder: string;
  readonly video: VideoInfo;
  /** Counted frames follow at the frame rate, whatever their timestamps are. */
  readonly identity: FrameIdentity;
  /** Objects to draw over the frames; undefined to convert the video only. */
  readonly overlay?: Overlay;
  /** Maximum size of the rendered video. */
  readonly maxBytes: number;
  readonly onFrames: (done: number) => void;
  readonly signal: AbortSignal;
}

/** Renders MP4s that every browser plays, with the timestamps and sound of their source. */
export interface VideoRenderer {
  /**
   * Resolves with the path of the video.
   * @throws AppError `BAD_VIDEO` if it cannot be rendered, `LIMIT_EXCEEDED` if it becomes too large.
   */
  render(request: RenderRequest): Promise<string>;
}

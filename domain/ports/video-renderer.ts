import type { TimedRow } from '../export/rows-with-duration.js';
import type { VideoInfo } from '../video/video.js';

/** A whole video to be made from another one. */
export interface RenderRequest {
  /** Absolute path of the source, of a server-chosen name. */
  readonly source: string;
  /** Folder of this attempt; the video is made in it. */
  readonly folder: string;
  readonly video: VideoInfo;
  /** Objects that are drawn over the frames; none where the video is only brought to another form. */
  readonly overlay?: AsyncIterable<TimedRow>;
  /** Size that the video may have. */
  readonly maxBytes: number;
  readonly onFrames: (done: number) => void;
  readonly signal: AbortSignal;
}

/** Makes MP4s that every browser plays, with the timestamps and the sound of their source. */
export interface VideoRenderer {
  /**
   * Resolves with the path of the video. Throws `BAD_VIDEO` for what cannot be rendered, and
   * `LIMIT_EXCEEDED` for what becomes too large.
   */
  render(request: RenderRequest): Promise<string>;
}

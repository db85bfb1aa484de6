import type { Bbox } from '../result/detection.js';
import type { FrameIdentity, SampledFrame } from '../video/frame-range.js';
import type { ClipFrames } from '../video/clip-frames.js';
import type { Sprite } from '../video/sprite.js';
import type { VideoInfo } from '../video/video.js';

/** Width of the edge of a box, as a share of the usual one. */
export type EdgeShare = 1 | 0.5 | 0.25;

/** A box over a frame. */
export interface DrawnBox {
  /** Pixels of the frame. */
  readonly box: Bbox;
  /** `#rrggbb` */
  readonly colour: string;
  /** Default: 1. */
  readonly edge?: EdgeShare;
  /** Text at the box; default: none. */
  readonly label?: string;
  /** Whether the label is below the box, not above it. */
  readonly isLabelBelow?: boolean;
}

/** A paragraph below a frame, which is cut off after its lines. */
export interface CaptionText {
  readonly text: string;
  /** `#rrggbb` */
  readonly colour: string;
  readonly lines: number;
}

/** What is drawn over a video for a time. */
export interface Drawing {
  /** Milliseconds from the start of the container. */
  readonly fromMs: number;
  /** Infinity for the rest of the video. */
  readonly toMs: number;
  /** Boxes, the last one on top. */
  readonly boxes: readonly DrawnBox[];
  /** Text below the frame; each drawing of an overlay with captions has the same paragraphs. */
  readonly caption?: readonly CaptionText[];
}

/** Drawings over the frames of a video. */
export interface Overlay {
  /** By time. */
  readonly drawings: AsyncIterable<Drawing>;
  /** Lines of text below each frame; default: 0. */
  readonly captionLines?: number;
}

/** Frames that alone are rendered, as still images. */
export interface Stills {
  /** Frames in the order of the video; at least one. */
  readonly frames: readonly SampledFrame[];
  /** Time for which each is shown. */
  readonly shownMs: number;
}

/** Request to render a video from another one. */
export interface RenderRequest {
  /** Absolute path of the source; the server chose the name. */
  readonly source: string;
  /** Folder of this attempt, which receives the video. */
  readonly folder: string;
  readonly video: VideoInfo;
  /** Counted frames follow at the frame rate, whatever their timestamps are. */
  readonly identity: FrameIdentity;
  /** Drawings over the frames; undefined to convert the video only. */
  readonly overlay?: Overlay;
  /** Frames that are rendered, without sound; undefined for the whole video with its sound. */
  readonly stills?: Stills;
  /** Consecutive frames that are rendered, with their sound, from time 0 on; undefined for all. */
  readonly clip?: ClipFrames;
  /** Maximum size of the rendered video. */
  readonly maxBytes: number;
  readonly onFrames: (done: number) => void;
  readonly signal: AbortSignal;
}

/** Request for small images of a video. */
export interface SpriteRequest extends Pick<
  RenderRequest,
  'source' | 'folder' | 'video' | 'identity' | 'onFrames' | 'signal'
> {
  /** PTS of the last frame, in units of the time base. */
  readonly lastPts: number;
}

/** Sheet of small images of a video, a JPEG. */
export interface RenderedSprite {
  readonly path: string;
  readonly sprite: Sprite;
}

/** Renders MP4s that every browser plays, with the timestamps and sound of their source. */
export interface VideoRenderer {
  /**
   * Resolves with the path of the video.
   * @throws AppError `BAD_VIDEO` if it cannot be rendered, `LIMIT_EXCEEDED` if it becomes too large.
   */
  render(request: RenderRequest): Promise<string>;
  /** Renders small images that are spread evenly over a video. @throws AppError `BAD_VIDEO`. */
  renderSprite(request: SpriteRequest): Promise<RenderedSprite>;
}

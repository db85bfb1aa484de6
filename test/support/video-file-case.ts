/** Expected outcome of a job on a file. */
export type Expected =
  | { readonly code: 'BAD_VIDEO' | 'LIMIT_EXCEEDED'; readonly message: RegExp }
  /** Sampled frames and how many may be skipped; undefined if it depends on the tools. */
  | { readonly frames?: number; readonly skipped: number };

/** An unusual or hostile file, made from an intact clip of {@link CLIP_FRAMES}. */
export interface VideoFileCase {
  readonly name: string;
  readonly make: (path: string, clip: string) => Promise<unknown>;
  readonly expected: Expected;
}

export const CLIP_FRAMES = 100;
/** Number of frames of a GOP of the intact clip. */
export const CLIP_GOP = 20;

/** Expected end of a job on a file: an error, skipped frames, or all of its frames. */
export const badVideo = (message: RegExp): Expected => ({ code: 'BAD_VIDEO', message });
export const limitExceeded = (message: RegExp): Expected => ({ code: 'LIMIT_EXCEEDED', message });
export const allFrames = (frames: number): Expected => ({ frames, skipped: 0 });

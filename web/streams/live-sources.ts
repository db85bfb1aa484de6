import type { Stream, StreamRow } from '../../api/types.js';
import { pause, waitUntilBack } from '../api/connection.js';
import { playLiveFrames, TooSlowError } from './live-frames.js';
import { playLiveImages } from './live-images.js';
import { playLiveVideo } from './live-video.js';
import { showStill } from './still.js';

/** Kinds of live views, the best first. */
export type LiveKind = 'frames' | 'video' | 'images' | 'still';

interface LiveSources {
  readonly uuid: string;
  readonly frames: HTMLCanvasElement;
  readonly video: HTMLVideoElement;
  readonly image: HTMLImageElement;
  /** Called with each frame, and its time in ms since 1970; undefined if it is unknown. */
  readonly onFrame: (kind: LiveKind, timestampMs: number | undefined) => void;
  /** Called with each row when it is made, if the view sends rows. */
  readonly onRow: (row: StreamRow) => void;
  /** Resolves when the row of an image has arrived, or does not arrive. */
  readonly untilRow: (timestampMs: number) => Promise<void>;
  readonly signal: AbortSignal;
}

const STILL_MS = 2000;
/** Number of still images after which live views are tried again. */
const STILLS = 15;
const RETRY_MS = 2000;

/** Shows the best live view that a camera has, until the signal aborts. */
export async function showLive(
  sources: LiveSources,
  { camera }: Pick<Stream, 'camera'>,
): Promise<void> {
  const { signal } = sources;
  // Files are sent as images: their coded frames are not read one by one.
  const kinds = camera?.startsWith('file:') ? [playImages] : [playFrames, playVideo, playImages];
  while (!signal.aborted) {
    await waitUntilBack(signal);
    await still(sources).catch(() => undefined);
    await playFirst(kinds, sources);
    await pause(RETRY_MS, signal);
  }
}

/** Plays the first kind that is available, else still images. */
async function playFirst(
  kinds: readonly ((sources: LiveSources) => Promise<void>)[],
  sources: LiveSources,
): Promise<void> {
  for (const play of kinds) {
    try {
      return await play(sources);
    } catch (error) {
      sources.signal.throwIfAborted();
      // Images cost a browser less than video, and are not late.
      if (error instanceof TooSlowError) return playImages(sources);
    }
  }
  for (let shown = 0; shown < STILLS; shown++) {
    await pause(STILL_MS, sources.signal);
    await still(sources).catch(() => undefined); // shown again when the API is back
  }
}

const playFrames = ({ uuid, frames, onFrame, onRow, signal }: LiveSources) =>
  playLiveFrames(uuid, {
    ...{ target: frames, onFrame: (ms) => onFrame('frames', ms) },
    ...{ onRow, signal },
  });

const playVideo = ({ uuid, video, onFrame, signal }: LiveSources) =>
  playLiveVideo(uuid, { target: video, onFrame: (ms) => onFrame('video', ms), signal });

const playImages = ({ uuid, image, onFrame, untilRow, signal }: LiveSources) =>
  playLiveImages(uuid, {
    ...{ target: image, onFrame: (ms) => onFrame('images', ms) },
    ...{ untilRow, signal },
  });

async function still({ uuid, image, onFrame, signal }: LiveSources): Promise<void> {
  if (await showStill(uuid, image, signal)) onFrame('still', undefined);
}

import { pause, waitUntilBack } from '../api/connection.js';
import type { Player } from './player.js';
import { findVideoProblem } from './video-source.js';

/** Pause before a video whose connection broke is reloaded. */
const RELOAD_MS = 1000;
/** Interval between checks whether the video of a running job needs a copy. */
const CHECK_MS = 2000;

interface VideoErrorsOptions {
  readonly eventId: string;
  readonly view: Pick<
    Player,
    'video' | 'skipDamage' | 'reload' | 'showWaiting' | 'showUnavailable'
  >;
  /** Whether the job is running: its video may be found to need a copy. */
  readonly isRunning: () => boolean;
  /** Called if the video has to be requested again, because a copy of it is being rendered. */
  readonly onRendering: () => void;
  readonly signal: AbortSignal;
}

/**
 * Handles errors of a video: continues after damaged parts, reloads it when the API is back, and shows
 * why it cannot be played.
 */
export function handleVideoErrors(options: VideoErrorsOptions): void {
  const { eventId, view, isRunning, onRendering, signal } = options;
  const { video } = view;
  const handle = async () => {
    if (video.error?.code === MediaError.MEDIA_ERR_DECODE && video.duration > 0) {
      return view.skipDamage();
    }
    let problem = await findVideoProblem(eventId, signal);
    // The source is sent as it is until the job has probed it.
    while (problem.kind === 'unplayable' && isRunning()) {
      view.showWaiting(problem.text);
      await pause(CHECK_MS, signal);
      problem = await findVideoProblem(eventId, signal);
    }
    if (problem.kind === 'unplayable') return view.showUnavailable(problem.text);
    const isRemoved = !video.hasAttribute('src');
    if (problem.kind === 'rendering' || isRemoved) return onRendering();
    await pause(RELOAD_MS, signal);
    await waitUntilBack(signal);
    view.reload();
  };
  video.addEventListener('error', () => void handle().catch(() => undefined), { signal }); // aborted
}

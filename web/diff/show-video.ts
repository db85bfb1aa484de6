import { pause, waitUntilBack } from '../api/connection.js';
import { isTemporary, messageOf } from '../api/request.js';
import type { Player } from '../job/player.js';
import { handleVideoErrors } from '../job/video-errors.js';
import { videoStates } from '../job/video-source.js';

/** Pause before the video is requested again after a temporary error. */
const RETRY_MS = 3000;

/** Shows the video of a job that has ended, and why it cannot be played. */
export function showVideo(eventId: string, view: Player, signal: AbortSignal): void {
  const isRunning = () => false;
  const follow = async (): Promise<void> => {
    try {
      for await (const now of videoStates(eventId, { isRunning, signal })) {
        if (now.kind === 'ready') view.setVideo(now.url);
        else view.showWaiting(now.text);
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!isTemporary(error))
        return view.showUnavailable(`Video unavailable: ${messageOf(error)}`);
      await pause(RETRY_MS, signal);
      await waitUntilBack(signal);
      return follow();
    }
  };
  const start = () => void follow().catch(() => undefined); // the page was left
  handleVideoErrors({ eventId, view, isRunning, onRendering: start, signal });
  start();
}

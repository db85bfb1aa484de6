import { isTemporary, messageOf } from '../api/request.js';
import { element, fill } from '../dom.js';
import { pluralize } from '../format.js';
import { progressBar } from '../parts/progress-bar.js';
import type { StagedVideo } from './staged-row.js';
import { createVideoSet } from './video-set.js';

interface PendingBatchOptions {
  readonly videos: readonly StagedVideo[];
  readonly start: (videoIds: readonly string[]) => Promise<unknown>;
  readonly onStarted: () => void;
  /** Receives the videos, all of them stored, and the reason if the API rejected the batch. */
  readonly onRefused: (videos: readonly StagedVideo[], reason: string) => void;
}

interface PendingBatch {
  readonly root: HTMLElement;
  /** Adds the id of a video that was uploaded. */
  readonly store: (video: StagedVideo, videoId: string) => void;
  /** Removes a video whose upload was cancelled. */
  readonly remove: (video: StagedVideo) => void;
}

/** Row of a batch whose videos are being uploaded; it starts when each is stored or removed. */
export function pendingBatch(options: PendingBatchOptions): PendingBatch {
  const { videos, start, onStarted, onRefused } = options;
  const set = createVideoSet(videos);
  const title = element('strong');
  const bar = progressBar('Start of the batch');
  const note = element('p', { class: 'upload-note is-error', role: 'status' });
  const retry = element('button', { class: 'btn btn-sm btn-outline-secondary' }, 'Try again');
  const root = element('div', { class: 'upload' }, title, retry, bar.root, note);
  const show = () => {
    const { total, stored } = set.counts();
    fill(title, `Batch of ${pluralize(total, 'video')}`);
    bar.update(stored / total, `${stored} of ${pluralize(total, 'video')} uploaded`);
  };
  const run = async () => {
    retry.hidden = true;
    fill(note);
    bar.update(null, 'starting the batch');
    try {
      await start(set.stored().map(({ videoId }) => videoId));
      root.remove();
      onStarted();
    } catch (error) {
      if (isTemporary(error)) return showStopped(messageOf(error));
      root.remove();
      onRefused(set.stored(), messageOf(error));
    }
  };
  const showStopped = (reason: string) => {
    show();
    fill(note, reason);
    retry.hidden = false;
  };
  const advance = () => {
    const { total, stored } = set.counts();
    if (total === 0) return root.remove();
    show();
    if (stored === total) void run();
  };
  retry.hidden = true;
  retry.addEventListener('click', () => void run());
  advance();
  return {
    root,
    store: (video, videoId) => {
      set.store(video, videoId);
      advance();
    },
    remove: (video) => {
      set.remove(video);
      advance();
    },
  };
}

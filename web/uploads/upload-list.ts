import { startBatch } from '../api/batches.js';
import { startJob } from '../api/jobs.js';
import { abortUpload } from '../api/uploads.js';
import { element, icon } from '../dom.js';
import { formatBytes } from '../format.js';
import { showMessage } from '../parts/messages.js';
import type { JobOptions } from '../jobs/job-options.js';
import {
  forgetUpload,
  isSameFile,
  rememberedUploads,
  type RememberedUpload,
} from './remembered-uploads.js';
import { pendingBatch } from './pending-batch.js';
import type { StagedVideo } from './staged-row.js';
import { startRow } from './start-row.js';
import { uploadRow } from './upload-row.js';
import { divideVideos } from './video-set.js';

interface UploadList {
  readonly root: HTMLElement;
  /** Uploads videos that are not stored yet, and starts their jobs: those of several as a batch. */
  start(videos: readonly StagedVideo[], options: JobOptions): void;
  /** Called whenever a job or batch has started. */
  onStarted: () => void;
}

/** What follows an upload. */
interface UploadPurpose {
  readonly start: (videoId: string) => Promise<unknown>;
  readonly onCancelled?: () => void;
  readonly onRefused?: (videoId: string, reason: string) => void;
}

/**
 * List of active uploads, and of unfinished uploads from before the page was loaded.
 * @param onRefused receives a video whose job the API rejected, with the reason
 */
export function uploadList(onRefused: (video: StagedVideo) => void): UploadList {
  const active: File[] = [];
  const root = element('div', { class: 'uploads' });
  const waiting = new Map<RememberedUpload, HTMLElement>();
  for (const upload of rememberedUploads()) {
    waiting.set(upload, waitingRow(upload));
  }
  root.append(...waiting.values());
  const upload = (file: File, purpose: UploadPurpose) => {
    const { start, onCancelled = () => undefined, onRefused = () => undefined } = purpose;
    if (active.some((other) => isSameFile(file, other))) {
      showMessage(`${file.name} is already being uploaded.`);
      return onCancelled();
    }
    for (const [upload, row] of waiting) if (isSameFile(upload, file)) row.remove();
    active.push(file);
    const onEnded = (hasStarted: boolean) => {
      active.splice(active.indexOf(file), 1);
      if (hasStarted) list.onStarted();
      else onCancelled();
    };
    root.append(uploadRow(file, { start, onEnded, onRefused }));
  };
  const startSingle = (video: StagedVideo, options: JobOptions) => {
    const { file, name, url, videoId } = video;
    if (file && videoId === undefined) {
      return upload(file, {
        start: (id) => startJob({ video_id: id, ...options }),
        onRefused: (id, error) => onRefused({ ...video, videoId: id, error }),
      });
    }
    const source = videoId === undefined ? { url } : { video_id: videoId };
    const row = startRow({
      name,
      text: videoId === undefined ? 'fetching the video' : 'starting the job',
      start: () => startJob({ ...source, ...options }),
      onStarted: () => list.onStarted(),
      onRefused: (error) => onRefused({ ...video, error }),
    });
    root.append(row);
  };
  const startTogether = (videos: readonly StagedVideo[], options: JobOptions) => {
    const batch = pendingBatch({
      videos,
      start: (ids) => startVideos(ids, options),
      onStarted: () => list.onStarted(),
      onRefused: ([first, ...others], error) => {
        if (first) onRefused({ ...first, error });
        for (const video of others) onRefused(video);
      },
    });
    root.append(batch.root);
    for (const video of videos) {
      if (!video.file || video.videoId !== undefined) continue;
      upload(video.file, {
        start: (id) => {
          batch.store(video, id);
          return Promise.resolve();
        },
        onCancelled: () => batch.remove(video),
      });
    }
  };
  const list: UploadList = {
    root,
    onStarted: () => undefined,
    start: (videos, options) => {
      const { batch, single } = divideVideos(videos);
      for (const video of single) startSingle(video, options);
      if (batch.length > 0) startTogether(batch, options);
    },
  };
  return list;
}

/** Starts a batch, or a job if only one video is left. */
function startVideos(ids: readonly string[], options: JobOptions): Promise<unknown> {
  const [only] = ids;
  return ids.length === 1 ? startJob({ video_id: only, ...options }) : startBatch(ids, options);
}

/** Row of an unfinished upload, whose file the user has to choose again. */
function waitingRow(upload: RememberedUpload): HTMLElement {
  const forget = () => {
    forgetUpload(upload);
    row.remove();
    // If this fails, the upload expires within a day.
    void abortUpload(upload.uploadId).catch(() => undefined);
  };
  const row = element(
    'div',
    { class: 'upload' },
    element('strong', { class: 'text-break' }, icon('upload'), ` ${upload.name}`),
    element('button', { class: 'btn btn-sm btn-outline-secondary', onclick: forget }, 'Discard'),
    element(
      'p',
      { class: 'upload-note' },
      `Not finished. Choose the same file (${formatBytes(upload.size)}) again to resume.`,
    ),
  );
  return row;
}

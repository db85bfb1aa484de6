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
import type { StagedVideo } from './staged-row.js';
import { startRow } from './start-row.js';
import { uploadRow } from './upload-row.js';

interface UploadList {
  readonly root: HTMLElement;
  /** Uploads a video if it is not stored yet, and starts its job. */
  start(video: StagedVideo, job: JobOptions): void;
  /** Called whenever a job has started. */
  onStarted: () => void;
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
  const upload = (file: File, job: JobOptions) => {
    if (active.some((other) => isSameFile(file, other))) {
      return showMessage(`${file.name} is already being uploaded.`);
    }
    for (const [upload, row] of waiting) if (isSameFile(upload, file)) row.remove();
    active.push(file);
    const onEnded = (hasStarted: boolean) => {
      active.splice(active.indexOf(file), 1);
      if (hasStarted) list.onStarted();
    };
    const refuse = (videoId: string, error: string) =>
      onRefused({ name: file.name, file, videoId, error });
    root.append(uploadRow(file, { job, onEnded, onRefused: refuse }));
  };
  const list: UploadList = {
    root,
    onStarted: () => undefined,
    start: (video, job) => {
      const { name, file, url, videoId } = video;
      if (file && videoId === undefined) return upload(file, job);
      const source = videoId === undefined ? { url } : { video_id: videoId };
      const row = startRow({
        name,
        text: videoId === undefined ? 'fetching the video' : 'starting the job',
        start: () => startJob({ ...source, ...job }),
        onStarted: () => list.onStarted(),
        onRefused: (error) => onRefused({ ...video, error }),
      });
      root.append(row);
    },
  };
  return list;
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

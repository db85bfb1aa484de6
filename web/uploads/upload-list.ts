import { abortUpload } from '../api/uploads.js';
import { element, icon } from '../dom.js';
import { formatBytes } from '../format.js';
import { showMessage } from '../parts/messages.js';
import type { JobOptions } from '../jobs/job-options.js';
import {
  type FileFacts,
  forgetUpload,
  rememberedUploads,
  type RememberedUpload,
} from './remembered-uploads.js';
import { uploadRow } from './upload-row.js';

interface UploadList {
  readonly root: HTMLElement;
  add(file: File, job: JobOptions): void;
  /** Called whenever a job has started. */
  onStarted: () => void;
}

const isSame = (a: FileFacts, b: FileFacts) =>
  a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;

/** List of active uploads, and of unfinished uploads from before the page was loaded. */
export function uploadList(): UploadList {
  const active: File[] = [];
  const root = element('div', { class: 'uploads' });
  const waiting = new Map<RememberedUpload, HTMLElement>();
  for (const upload of rememberedUploads()) {
    waiting.set(upload, waitingRow(upload));
  }
  root.append(...waiting.values());
  const list: UploadList = {
    root,
    onStarted: () => undefined,
    add: (file, job) => {
      if (active.some((other) => isSame(file, other))) {
        return showMessage(`${file.name} is already being uploaded.`);
      }
      for (const [upload, row] of waiting) if (isSame(upload, file)) row.remove();
      active.push(file);
      const onEnded = (hasStarted: boolean) => {
        active.splice(active.indexOf(file), 1);
        if (hasStarted) list.onStarted();
      };
      root.append(uploadRow(file, { job, onEnded }));
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

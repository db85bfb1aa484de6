import { giveUpUpload } from '../api/uploads.js';
import { element, icon } from '../dom.js';
import { bytes } from '../format.js';
import { tell } from '../parts/messages.js';
import type { JobOptions } from '../jobs/job-options.js';
import {
  type FileFacts,
  forgetUpload,
  rememberedUploads,
  type RememberedUpload,
} from './remembered.js';
import { uploadRow } from './upload-row.js';

export interface UploadList {
  readonly root: HTMLElement;
  add(file: File, job: JobOptions): void;
  /** Called whenever a job has started. */
  onStarted: () => void;
}

const isSame = (a: FileFacts, b: FileFacts) =>
  a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;

/** Files on their way, and those that were on it before the page was loaded. */
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
        return tell(`${file.name} is on its way already.`);
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

/** An upload whose file the browser has no longer: a person must choose it again. */
function waitingRow(upload: RememberedUpload): HTMLElement {
  const forget = () => {
    forgetUpload(upload);
    row.remove();
    // What is not given up ends by itself within a day.
    void giveUpUpload(upload.uploadId).catch(() => undefined);
  };
  const row = element(
    'div',
    { class: 'upload' },
    element('strong', { class: 'text-break' }, icon('upload'), ` ${upload.name}`),
    element('button', { class: 'btn btn-sm btn-outline-secondary', onclick: forget }, 'Give up'),
    element(
      'p',
      { class: 'upload-note' },
      `Not finished. Choose the same file of ${bytes(upload.size)} again, and it goes on where it was.`,
    ),
  );
  return row;
}

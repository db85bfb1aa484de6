import { startJob, uploadVideo } from '../api/jobs.js';
import { messageOf } from '../api/request.js';
import { element } from '../dom.js';
import { bytes, percent } from '../format.js';
import { dropZone } from '../parts/drop-zone.js';
import { tell } from '../parts/messages.js';
import { progressBar } from '../parts/progress-bar.js';
import { jobOptions, type JobOptions } from './job-options.js';

/** Where videos come in: files that are dropped, or an address. */
export function submitCard(signal: AbortSignal, onStarted: () => void): HTMLElement {
  const options = jobOptions();
  const uploads = element('div', { class: 'uploads' });
  const zone = dropZone({
    icon: 'upload',
    title: 'Drop a video here, or choose one',
    hint: 'MP4, MKV, AVI, MOV, WebM, MPEG-TS and more; any length',
    accept: 'video/*,.mkv,.avi,.ts,.m2ts,.mts',
    multiple: true,
    onFiles: (files) => {
      for (const file of files) {
        void bringIn(file, { options: options.read(), uploads, signal, onStarted });
      }
    },
  });
  return element(
    'section',
    { class: 'card', 'aria-labelledby': 'submit-title' },
    element(
      'div',
      { class: 'card-body' },
      element('h2', { class: 'visually-hidden', id: 'submit-title' }, 'New job'),
      zone,
      addressForm(() => options.read(), onStarted),
      options.root,
      uploads,
    ),
  );
}

function addressForm(read: () => JobOptions, onStarted: () => void): HTMLElement {
  const address = element('input', {
    ...{ type: 'url', class: 'form-control', required: true, placeholder: 'https://…/video.mp4' },
    'aria-label': 'Address of a video',
  });
  const button = element('button', { class: 'btn btn-primary' }, 'Detect');
  const form = element('form', { class: 'input-group' }, address, button);
  const submit = async () => {
    button.disabled = true;
    try {
      await startJob({ url: address.value, ...read() });
      form.reset();
      onStarted();
    } catch (error) {
      tell(messageOf(error), 'error');
    } finally {
      button.disabled = false;
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit();
  });
  return form;
}

interface BringIn {
  readonly options: JobOptions;
  readonly uploads: HTMLElement;
  readonly signal: AbortSignal;
  readonly onStarted: () => void;
}

/** Uploads a file, shows how far it is, and starts its job. */
async function bringIn(file: File, { options, uploads, signal, onStarted }: BringIn) {
  const stop = new AbortController();
  const bar = progressBar(`Upload of ${file.name}`);
  const cancel = element('button', { class: 'btn btn-sm btn-outline-secondary' }, 'Stop');
  const row = element(
    'div',
    { class: 'upload' },
    element('strong', {}, file.name),
    bar.root,
    cancel,
  );
  cancel.addEventListener('click', () => stop.abort());
  uploads.append(row);
  const show = (share: number) => {
    const isSent = share >= 1;
    const sent = `${percent(share)} of ${bytes(file.size)}`;
    bar.update(isSent ? null : share, isSent ? 'stored; the job starts' : sent);
  };
  show(0);
  try {
    const both = AbortSignal.any([stop.signal, signal]);
    const { video_id } = await uploadVideo(file, show, both);
    await startJob({ video_id, ...options });
    onStarted();
  } catch (error) {
    if (!stop.signal.aborted && !signal.aborted) {
      tell(`${file.name}: ${messageOf(error)}`, 'error');
    }
  } finally {
    row.remove();
  }
}

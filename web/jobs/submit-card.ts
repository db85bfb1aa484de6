import { startJob } from '../api/jobs.js';
import { messageOf } from '../api/request.js';
import { element } from '../dom.js';
import { dropZone } from '../parts/drop-zone.js';
import { showMessage } from '../parts/messages.js';
import { uploadList } from '../uploads/upload-list.js';
import { jobOptions, type JobOptions } from './job-options.js';

/** Kept outside the page so that uploads continue while the user visits other pages. */
const uploads = uploadList();

/** Card that accepts videos as files or by URL. */
export function submitCard(onStarted: () => void): HTMLElement {
  const options = jobOptions();
  uploads.onStarted = onStarted;
  const zone = dropZone({
    icon: 'upload',
    title: 'Drop a video here, or choose one',
    hint: 'MP4, MKV, AVI, MOV, WebM, MPEG-TS and more; any length',
    accept: 'video/*,.mkv,.avi,.ts,.m2ts,.mts',
    multiple: true,
    onFiles: (files) => {
      for (const file of files) {
        uploads.add(file, options.read());
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
      urlForm(() => options.read(), onStarted),
      options.root,
      uploads.root,
    ),
  );
}

function urlForm(read: () => JobOptions, onStarted: () => void): HTMLElement {
  const urlInput = element('input', {
    ...{ type: 'url', class: 'form-control', required: true, placeholder: 'https://…/video.mp4' },
    'aria-label': 'Video URL',
  });
  const button = element('button', { class: 'btn btn-primary' }, 'Detect');
  const form = element('form', { class: 'input-group' }, urlInput, button);
  const submit = async () => {
    button.disabled = true;
    try {
      await startJob({ url: urlInput.value, ...read() });
      form.reset();
      onStarted();
    } catch (error) {
      showMessage(messageOf(error), 'error');
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

import { startJob } from '../api/jobs.js';
import { messageOf } from '../api/request.js';
import { element } from '../dom.js';
import { dropZone } from '../parts/drop-zone.js';
import { tell } from '../parts/messages.js';
import { uploadList } from '../uploads/upload-list.js';
import { jobOptions, type JobOptions } from './job-options.js';

/** Lives as long as the page, so that uploads go on while a person looks at something else. */
const uploads = uploadList();

/** Where videos come in: files that are dropped, or an address. */
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
      addressForm(() => options.read(), onStarted),
      options.root,
      uploads.root,
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

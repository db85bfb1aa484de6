import { storeSample } from '../api/uploads.js';
import { element } from '../dom.js';
import { pluralize } from '../format.js';
import { dropZone } from '../parts/drop-zone.js';
import { createStaging } from '../uploads/staging.js';
import { uploadList } from '../uploads/upload-list.js';
import { loadOptions } from './load-options.js';

/** Kept outside the page so that uploads continue while the user visits other pages. */
const staging = createStaging();
const uploads = uploadList((video) => staging.add(video));

/** Card that stages videos, as files or by URL, and starts their jobs with the chosen options. */
export function submitCard(onStarted: () => void, signal: AbortSignal): HTMLElement {
  uploads.onStarted = onStarted;
  const zone = dropZone({
    icon: 'upload',
    title: 'Drop or choose videos',
    hint: 'Anywhere on this page: MP4, MKV, AVI, MOV, WebM, MPEG-TS and more; any length',
    accept: 'video/*,.mkv,.avi,.ts,.m2ts,.mts',
    multiple: true,
    onFiles: (files) => void staging.addFiles(files),
    anywhere: signal,
  });
  return element(
    'section',
    { class: 'card', 'aria-labelledby': 'submit-title' },
    element(
      'div',
      { class: 'card-body' },
      element('h2', { class: 'visually-hidden', id: 'submit-title' }, 'New job'),
      zone,
      urlForm(),
      staging.root,
      optionsForm(),
      uploads.root,
    ),
  );
}

/** Stages the sample video. @throws RequestError */
export async function stageSample(): Promise<void> {
  const { video_id, name } = await storeSample();
  staging.add({ name, videoId: video_id });
}

/** Options of the staged videos and the button that starts their jobs; hidden if none is staged. */
function optionsForm(): HTMLElement {
  const button = element('button', { class: 'btn btn-primary' }, 'Detect');
  const form = element('form', { class: 'options', 'aria-label': 'Options' });
  let options: ReturnType<typeof loadOptions> | undefined;
  const show = (count: number) => {
    form.hidden = count === 0;
    button.textContent = count > 1 ? `Detect in ${pluralize(count, 'video')}` : 'Detect';
    if (count === 0) return;
    options ??= load();
    options.offerTracks(staging.tracks());
  };
  const load = () => {
    button.disabled = true;
    const loaded = loadOptions({}, () => (button.disabled = false));
    form.replaceChildren(loaded.root, button);
    return loaded;
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const job = options?.read();
    if (job) uploads.start(staging.takeAll(), job);
  });
  staging.onChange = show;
  show(staging.count());
  return form;
}

function urlForm(): HTMLElement {
  const input = element('input', {
    ...{ type: 'url', class: 'form-control', required: true, placeholder: 'https://…/video.mp4' },
    'aria-label': 'Video URL',
  });
  const button = element('button', { class: 'btn btn-outline-secondary' }, 'Add URL');
  const form = element('form', { class: 'input-group' }, input, button);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    staging.add({ name: input.value, url: input.value });
    form.reset();
  });
  return form;
}

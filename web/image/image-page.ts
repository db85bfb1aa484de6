import { element } from '../dom.js';
import { dropZone } from '../parts/drop-zone.js';
import type { Page } from '../router.js';
import { historyCard } from './history.js';
import { imageSet } from './image-set.js';

/** Page of images: their predictions, corrections, crop and blur. */
export const imagePage: Page = (target, signal) => {
  const work = element('div');
  const history = historyCard(signal);
  let current = new AbortController();
  const show = (files: readonly File[]) => {
    current.abort();
    current = new AbortController();
    const options = {
      refreshHistory: history.refresh,
      signal: AbortSignal.any([signal, current.signal]),
    };
    work.replaceChildren(imageSet(files, options));
  };
  const zone = dropZone({
    icon: 'image',
    title: 'Drop images here, or choose them',
    hint: 'JPEG, PNG or WebP',
    accept: 'image/jpeg,image/png,image/webp',
    multiple: true,
    onFiles: show,
  });
  target.replaceChildren(
    element('h1', {}, 'Image'),
    element('section', { class: 'card card-body', 'aria-label': 'Image' }, zone),
    work,
    history.root,
  );
};

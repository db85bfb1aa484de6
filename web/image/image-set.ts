import type { LoggedPrediction } from '../api/images.js';
import { element, fill, icon } from '../dom.js';
import { imageWork } from './image-work.js';

interface ImageSetOptions {
  readonly refreshHistory: () => Promise<readonly LoggedPrediction[]>;
  readonly signal: AbortSignal;
}

/** Images that were chosen together: a list with their predictions, and the work on one of them. */
export function imageSet(files: readonly File[], options: ImageSetOptions): HTMLElement {
  const chosen = element('div');
  const items = files.map((file) => imageItem(file, options));
  const choose = (index: number) => {
    for (const [i, { button }] of items.entries())
      button.setAttribute('aria-pressed', String(i === index));
    fill(chosen, items[index]!.work.root); // the index of a button
  };
  for (const [index, { button }] of items.entries())
    button.addEventListener('click', () => choose(index));
  choose(0);
  void predictInTurn(items, options.signal);
  return element('div', {}, items.length > 1 && listOf(items), chosen);
}

type ImageItem = ReturnType<typeof imageItem>;

function imageItem(file: File, options: ImageSetOptions) {
  const state = element('span', { class: 'text-body-secondary' }, 'Waiting');
  const onState = (text: string) => fill(state, text);
  const work = imageWork(file, { ...options, onState });
  const thumbnail = element('img', { src: work.url, alt: '' });
  thumbnail.addEventListener('error', () => thumbnail.replaceWith(icon('image')));
  const button = element(
    'button',
    { type: 'button', class: 'image-item' },
    thumbnail,
    element('span', { class: 'image-name' }, file.name),
    state,
  );
  return { button, work };
}

function listOf(items: readonly ImageItem[]): HTMLElement {
  const entries = items.map(({ button }) => element('li', {}, button));
  return element('ul', { class: 'image-list', 'aria-label': 'Chosen images' }, ...entries);
}

/** One after another, so that a large selection does not exceed the rate of requests. */
async function predictInTurn(items: readonly ImageItem[], signal: AbortSignal): Promise<void> {
  for (const { work } of items) {
    if (signal.aborted) return;
    await work.predict();
  }
}

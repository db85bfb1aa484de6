import { type ProcessMode, processImage } from '../api/images.js';
import { messageOf } from '../api/request.js';
import { element } from '../dom.js';
import { card } from '../parts/card.js';
import { errorState, loadingState } from '../parts/states.js';

const MODES: readonly (readonly [ProcessMode, string])[] = [
  ['crop', 'Crop to object'],
  ['blur', 'Blur background'],
  ['both', 'Both'],
];

/** Captions of the images of a response. */
const CAPTIONS: Readonly<Record<ProcessMode, readonly string[]>> = {
  crop: ['Cropped'],
  blur: ['Background blurred'],
  both: ['Cropped', 'Background blurred'],
};

/** Crops an image to its main object, or blurs the background, beside the original. */
export function processCard(file: File, before: string): HTMLElement {
  const results = element('div', { class: 'before-after' });
  const buttons = MODES.map(([mode, title]) =>
    element('button', { class: 'btn btn-outline-secondary', onclick: () => void run(mode) }, title),
  );
  const run = async (mode: ProcessMode) => {
    results.replaceChildren(loadingState('Processing the image'));
    try {
      const { result } = await processImage(file, mode);
      const after = result.map((png, index) =>
        figure(`data:image/png;base64,${png}`, CAPTIONS[mode][index] ?? 'After'),
      );
      results.replaceChildren(figure(before, 'Before'), ...after);
    } catch (error) {
      results.replaceChildren(errorState(messageOf(error)));
    }
  };
  const tools = element('div', { class: 'button-row' }, ...buttons);
  return card('Main object', tools, results);
}

function figure(src: string, caption: string): HTMLElement {
  const image = element('img', { src, alt: caption });
  return element('figure', {}, image, element('figcaption', {}, caption));
}

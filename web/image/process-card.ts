import { type ProcessMode, processPicture } from '../api/images.js';
import { messageOf } from '../api/request.js';
import { element } from '../dom.js';
import { errorState, loadingState } from '../parts/states.js';

const MODES: readonly (readonly [ProcessMode, string])[] = [
  ['crop', 'Crop to the object'],
  ['blur', 'Blur the rest'],
  ['both', 'Both'],
];

/** What each picture of an answer is. */
const CAPTIONS: Readonly<Record<ProcessMode, readonly string[]>> = {
  crop: ['Cropped'],
  blur: ['Blurred behind'],
  both: ['Cropped', 'Blurred behind'],
};

/** A picture cropped to its main object, or with the rest blurred, beside what it was. */
export function processCard(file: File, before: string): HTMLElement {
  const results = element('div', { class: 'before-after' });
  const buttons = MODES.map(([mode, title]) =>
    element('button', { class: 'btn btn-outline-secondary', onclick: () => void run(mode) }, title),
  );
  const run = async (mode: ProcessMode) => {
    results.replaceChildren(loadingState('Working on the picture'));
    try {
      const { result } = await processPicture(file, mode);
      const after = result.map((png, index) =>
        figure(`data:image/png;base64,${png}`, CAPTIONS[mode][index] ?? 'After'),
      );
      results.replaceChildren(figure(before, 'Before'), ...after);
    } catch (error) {
      results.replaceChildren(errorState(messageOf(error)));
    }
  };
  const tools = element('div', { class: 'button-row' }, ...buttons);
  const title = element('h2', {}, 'Main object');
  return element('section', { class: 'card card-body' }, title, tools, results);
}

function figure(src: string, caption: string): HTMLElement {
  const picture = element('img', { src, alt: caption });
  return element('figure', {}, picture, element('figcaption', {}, caption));
}

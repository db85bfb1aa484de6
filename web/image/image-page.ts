import type { StoredObject } from '../../api/types.js';
import { predict } from '../api/images.js';
import { messageOf } from '../api/request.js';
import { element } from '../dom.js';
import { drawBoxes } from '../job/draw-boxes.js';
import { createClassColours } from '../parts/class-colours.js';
import { dropZone } from '../parts/drop-zone.js';
import { errorState, loadingState } from '../parts/states.js';
import type { Page } from '../router.js';
import { historyCard } from './history.js';
import { predictionCard } from './prediction-card.js';
import { processCard } from './process-card.js';

/** One picture: what it shows, and the picture cropped to it or with the rest blurred. */
export const imagePage: Page = (target, signal) => {
  const work = element('div', { class: 'image-work' });
  const history = historyCard(signal);
  const show = async (file: File) => {
    const picture = previewOf(file);
    const result = element('div', {}, loadingState('Looking at the picture'));
    work.replaceChildren(
      element('div', { class: 'image-columns' }, picture.root, result),
      processCard(file, picture.address),
    );
    try {
      const prediction = await predict(file);
      result.replaceChildren(predictionCard(prediction, () => void history.refresh()));
      const logged = await history.refresh();
      const own = logged.find(({ prediction_id }) => prediction_id === prediction.prediction_id);
      picture.draw(own?.objects ?? []); // a classifier finds none
    } catch (error) {
      result.replaceChildren(errorState(messageOf(error), () => void show(file)));
    }
    signal.addEventListener('abort', () => URL.revokeObjectURL(picture.address));
  };
  const zone = dropZone({
    icon: 'picture',
    title: 'Drop a picture here, or choose one',
    hint: 'JPEG, PNG or WebP',
    accept: 'image/jpeg,image/png,image/webp',
    onFiles: ([file]) => {
      if (file) void show(file);
    },
  });
  target.replaceChildren(
    element('h1', {}, 'Image'),
    element('section', { class: 'card card-body', 'aria-label': 'Picture' }, zone),
    work,
    history.root,
  );
};

function previewOf(file: File) {
  const address = URL.createObjectURL(file);
  const picture = element('img', { src: address, alt: `The picture ${file.name}` });
  const canvas = element('canvas', { 'aria-hidden': 'true' });
  const root = element('div', { class: 'preview' }, element('div', {}, picture, canvas));
  const draw = (objects: readonly StoredObject[]) => {
    canvas.width = picture.clientWidth * devicePixelRatio;
    canvas.height = picture.clientHeight * devicePixelRatio;
    const context = canvas.getContext('2d');
    const { naturalWidth, naturalHeight } = picture;
    const scale = [canvas.width / naturalWidth, canvas.height / naturalHeight] as const;
    const colourOf = createClassColours();
    if (!context) return;
    drawBoxes(context, objects, { scale, colourOf, density: devicePixelRatio });
  };
  return { root, address, draw };
}

import { predict } from '../api/images.js';
import { messageOf, RequestError } from '../api/request.js';
import { element } from '../dom.js';
import { dropZone } from '../parts/drop-zone.js';
import { errorState, loadingState } from '../parts/states.js';
import type { Page } from '../router.js';
import { historyCard } from './history.js';
import { pictureView } from './picture-view.js';
import { predictionCard } from './prediction-card.js';
import { processCard } from './process-card.js';

/** Below it an answer is about the picture, which stays as it is. */
const SERVER_ERROR = 500;
const TOO_MANY = 429;

/** One picture: what it shows, and the picture cropped to it or with the rest blurred. */
export const imagePage: Page = (target, signal) => {
  const work = element('div', { class: 'image-work' });
  const history = historyCard(signal);
  const show = async (file: File) => {
    const picture = pictureView(file);
    const forget = () => URL.revokeObjectURL(picture.address);
    signal.addEventListener('abort', forget, { once: true });
    const result = element('div', {}, loadingState('Looking at the picture'));
    const columns = element('div', { class: 'image-columns' }, picture.root, result);
    work.replaceChildren(element('section', { class: 'card card-body' }, columns));
    try {
      const prediction = await predict(file);
      const onCorrected = () => void history.refresh();
      result.replaceChildren(predictionCard(prediction, onCorrected));
      if (columns.isConnected) work.append(processCard(file, picture.address));
      const { prediction_id, all_predictions } = prediction;
      const logged = await history.refresh();
      const own = logged.find((each) => each.prediction_id === prediction_id);
      await picture.show({
        ...{ predictionId: prediction_id, onCorrected },
        objects: own?.objects ?? [],
        classes: Object.keys(all_predictions),
      });
    } catch (error) {
      const retry = mayEndOtherwise(error) ? () => void show(file) : undefined;
      result.replaceChildren(errorState(messageOf(error), retry));
    }
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

/** Whether the same picture may be answered another time. */
function mayEndOtherwise(error: unknown): boolean {
  const status = error instanceof RequestError ? error.problem?.status : undefined;
  return status === undefined || status >= SERVER_ERROR || status === TOO_MANY;
}

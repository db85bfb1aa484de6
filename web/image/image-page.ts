import { predict } from '../api/images.js';
import { messageOf, RequestError } from '../api/request.js';
import { element } from '../dom.js';
import { dropZone } from '../parts/drop-zone.js';
import { errorState, loadingState } from '../parts/states.js';
import type { Page } from '../router.js';
import { historyCard } from './history.js';
import { imageView } from './image-view.js';
import { predictionCard } from './prediction-card.js';
import { processCard } from './process-card.js';

const TOO_MANY = 429;

/** Page of a single image: its prediction, corrections, crop and blur. */
export const imagePage: Page = (target, signal) => {
  const work = element('div', { class: 'image-work' });
  const history = historyCard(signal);
  const show = async (file: File) => {
    const view = imageView(file);
    const forget = () => URL.revokeObjectURL(view.url);
    signal.addEventListener('abort', forget, { once: true });
    const result = element('div', {}, loadingState('Analyzing the image'));
    const columns = element('div', { class: 'image-columns' }, view.root, result);
    work.replaceChildren(element('section', { class: 'card card-body' }, columns));
    try {
      const prediction = await predict(file);
      const onCorrected = () => void history.refresh();
      result.replaceChildren(predictionCard(prediction, onCorrected));
      if (columns.isConnected) work.append(processCard(file, view.url));
      const { prediction_id, all_predictions } = prediction;
      const logged = await history.refresh();
      const entry = logged.find((each) => each.prediction_id === prediction_id);
      await view.show({
        ...{ predictionId: prediction_id, onCorrected },
        objects: entry?.objects ?? [],
        classes: Object.keys(all_predictions),
      });
    } catch (error) {
      const retry = isRetryable(error) ? () => void show(file) : undefined;
      result.replaceChildren(errorState(messageOf(error), retry));
    }
  };
  const zone = dropZone({
    icon: 'image',
    title: 'Drop an image here, or choose one',
    hint: 'JPEG, PNG or WebP',
    accept: 'image/jpeg,image/png,image/webp',
    onFiles: ([file]) => {
      if (file) void show(file);
    },
  });
  target.replaceChildren(
    element('h1', {}, 'Image'),
    element('section', { class: 'card card-body', 'aria-label': 'Image' }, zone),
    work,
    history.root,
  );
};

/** Whether a retry with the same image may succeed. */
function isRetryable(error: unknown): boolean {
  return (
    !(error instanceof RequestError) || error.isTemporary || error.problem?.status === TOO_MANY
  );
}

import { type LoggedPrediction, predict, type Prediction } from '../api/images.js';
import { messageOf, RequestError } from '../api/request.js';
import { element } from '../dom.js';
import { formatPercent } from '../format.js';
import { errorState, loadingState } from '../parts/states.js';
import { imageView } from './image-view.js';
import { predictionCard } from './prediction-card.js';
import { processCard } from './process-card.js';

/** Options of the work on an image. */
interface ImageWorkOptions {
  /** Reads the latest predictions again. */
  readonly refreshHistory: () => Promise<readonly LoggedPrediction[]>;
  /** Receives the state of the prediction in a few words. */
  readonly onState: (text: string) => void;
  /** Releases the image when it aborts. */
  readonly signal: AbortSignal;
}

/** An image with its prediction, corrections, crop and blur. */
interface ImageWork {
  readonly root: HTMLElement;
  /** Object URL of the file. */
  readonly url: string;
  /** Predicts the image and shows the result, or why there is none. */
  predict(): Promise<void>;
}

const TOO_MANY = 429;

export function imageWork(file: File, options: ImageWorkOptions): ImageWork {
  const { refreshHistory, onState, signal } = options;
  const url = URL.createObjectURL(file);
  const view = imageView({ url, name: file.name });
  signal.addEventListener('abort', () => URL.revokeObjectURL(url), { once: true });
  const result = element('div');
  const columns = element('div', { class: 'image-columns' }, view.root, result);
  const root = element(
    'div',
    { class: 'image-work' },
    element('section', { class: 'card card-body' }, columns),
  );
  const show = async (prediction: Prediction) => {
    const onCorrected = () => void refreshHistory();
    result.replaceChildren(predictionCard(prediction, onCorrected));
    root.append(processCard(file, url));
    const { prediction_id, all_predictions } = prediction;
    const logged = await refreshHistory();
    const entry = logged.find((each) => each.prediction_id === prediction_id);
    await view.show({
      ...{ predictionId: prediction_id, onCorrected },
      objects: entry?.objects ?? [],
      classes: Object.keys(all_predictions),
    });
  };
  const run = async () => {
    result.replaceChildren(loadingState('Analyzing the image'));
    onState('Analyzing …');
    try {
      const prediction = await predict(file);
      onState(describe(prediction));
      await show(prediction);
    } catch (error) {
      onState('Failed');
      const retry = isRetryable(error) ? () => void run() : undefined;
      result.replaceChildren(errorState(messageOf(error), retry));
    }
  };
  return { root, url, predict: run };
}

/** @example describe({ class: 'cat', confidence: 0.912, … }) // 'cat 91.2 %' */
function describe({ class: name, confidence }: Prediction): string {
  return name === null ? 'Nothing found' : `${name} ${formatPercent(confidence)}`;
}

/** Whether a retry with the same image may succeed. */
function isRetryable(error: unknown): boolean {
  return (
    !(error instanceof RequestError) || error.isTemporary || error.problem?.status === TOO_MANY
  );
}

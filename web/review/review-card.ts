import { correct, type LoggedPrediction } from '../api/images.js';
import { messageOf } from '../api/request.js';
import { keptImageUrl } from '../api/review.js';
import { element } from '../dom.js';
import { formatDate, formatPercent } from '../format.js';
import { imageView } from '../image/image-view.js';
import { showMessage } from '../parts/messages.js';
import { classForm } from './class-form.js';
import { feedbackList } from './feedback-list.js';

/**
 * Image with its prediction, which a person confirms, corrects or skips.
 * @param classes classes of the model
 * @param onDone called when the person has finished with it
 */
export function reviewCard(
  prediction: LoggedPrediction,
  classes: readonly string[],
  onDone: () => void,
): HTMLElement {
  const { prediction_id: predictionId, objects, feedback } = prediction;
  const view = imageView({
    url: keptImageUrl(prediction.picture?.sha256 ?? ''),
    name: 'to review',
  });
  const save = async (correction: Parameters<typeof correct>[1]) => {
    try {
      await correct(predictionId, correction);
      onDone();
    } catch (error) {
      showMessage(messageOf(error), 'error');
    }
  };
  const confirm = () => void save(verdictOf(prediction));
  const choose = objects ? undefined : classForm(classes, (name) => void save({ class: name }));
  const card = element(
    'section',
    { class: 'card card-body review-card', tabindex: -1, 'aria-label': 'Prediction to review' },
    element(
      'div',
      { class: 'image-columns' },
      view.root,
      element('div', {}, ...summary(prediction), choose?.root, feedbackList(feedback)),
    ),
    element(
      'div',
      { class: 'review-actions' },
      actionButton('Confirm', 'c', 'btn-primary', confirm),
      actionButton('Skip', 's', 'btn-outline-secondary', onDone),
      element('span', { class: 'text-body-secondary review-keys' }, keysText(choose !== undefined)),
    ),
  );
  handleKeys(card, { c: confirm, s: onDone, ...(choose && { e: choose.focus }) });
  if (objects) void view.show({ predictionId, objects, classes, onCorrected: onDone });
  return card;
}

/** Feedback that confirms a prediction. */
function verdictOf({ objects, predicted_class }: LoggedPrediction) {
  if (objects) return { objects: objects.map(({ class: name, box }) => ({ class: name, box })) };
  return { class: predicted_class ?? '' }; // a classifier always has a class
}

function summary({ objects, predicted_class, confidence, model, time }: LoggedPrediction) {
  const found = objects ? `${objects.length} objects` : `Confidence ${formatPercent(confidence)}`;
  return [
    element('h2', { class: 'prediction' }, predicted_class ?? 'Nothing found'),
    element(
      'p',
      { class: 'text-body-secondary' },
      `${found}, ${model.name} ${model.version}, ${formatDate(time)}`,
    ),
  ];
}

function actionButton(text: string, key: string, style: string, onclick: () => void) {
  return element('button', { class: `btn ${style}`, 'aria-keyshortcuts': key, onclick }, text);
}

function keysText(hasClass: boolean): string {
  return `Keys: C confirm, ${hasClass ? 'E another class, ' : ''}S skip`;
}

/** Runs actions by single keys while the focus is in the card, but not in a field. */
function handleKeys(card: HTMLElement, actions: Readonly<Record<string, () => void>>): void {
  card.addEventListener('keydown', (event) => {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    const isTyping = target instanceof HTMLInputElement || isEditingBoxes(target);
    const action = actions[key.toLowerCase()];
    if (!action || isTyping || ctrlKey || metaKey || altKey) return;
    event.preventDefault();
    action();
  });
}

function isEditingBoxes(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('.box-layer.is-edited') !== null;
}

import { correct, type Prediction } from '../api/images.js';
import { messageOf } from '../api/request.js';
import { element, fill } from '../dom.js';
import { formatPercent } from '../format.js';
import { showMessage } from '../parts/messages.js';

/** Maximum number of classes shown with a bar. */
const MAX_BARS = 6;

/** Predicted class, its confidence, and a form to correct the class. */
export function predictionCard(prediction: Prediction, onCorrected: () => void): HTMLElement {
  const { all_predictions, confidence, prediction_time, prediction_id } = prediction;
  const title = prediction.class ?? 'Nothing found';
  const confidenceText =
    prediction.class === null ? '' : `Confidence ${formatPercent(confidence)}, `;
  return element(
    'section',
    { 'aria-label': 'Prediction', 'data-class': prediction.class ?? '' },
    element('h2', { class: 'prediction' }, title),
    element(
      'p',
      { class: 'text-body-secondary' },
      `${confidenceText}inference ${(prediction_time * 1000).toFixed(0)} ms`,
    ),
    bars(all_predictions),
    prediction_id !== undefined &&
      correction(prediction_id, Object.keys(all_predictions), onCorrected),
  );
}

function bars(shares: Readonly<Record<string, number>>): HTMLElement {
  const best = Object.entries(shares)
    .filter(([, share]) => share > 0)
    .sort(([, a], [, b]) => b - a)
    .slice(0, MAX_BARS);
  return element(
    'ul',
    { class: 'bars' },
    ...best.map(([name, share]) => {
      const bar = element('span', { class: 'bar' });
      bar.style.setProperty('--share', String(share));
      return element(
        'li',
        {},
        element('span', {}, name),
        bar,
        element('span', {}, formatPercent(share)),
      );
    }),
  );
}

function correction(
  predictionId: string,
  classes: readonly string[],
  onCorrected: () => void,
): HTMLElement {
  const list = element(
    'datalist',
    { id: 'classes' },
    ...classes.map((name) => element('option', { value: name })),
  );
  const input = element('input', {
    ...{ class: 'form-control', required: true, list: 'classes', placeholder: 'Correct class …' },
    'aria-label': 'Correct class',
  });
  const button = element('button', { class: 'btn btn-outline-secondary' }, 'Correct class');
  const form = element('form', { class: 'input-group' }, input, list, button);
  const send = async () => {
    try {
      await correct(predictionId, { class: input.value.trim() });
      fill(form, element('p', { class: 'mb-0' }, `Saved: ${input.value.trim()}.`));
      onCorrected();
    } catch (error) {
      showMessage(messageOf(error), 'error');
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void send();
  });
  return form;
}

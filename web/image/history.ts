import { listPredictions, type LoggedPrediction } from '../api/images.js';
import { messageOf } from '../api/request.js';
import { element } from '../dom.js';
import { formatDate, formatPercent } from '../format.js';
import { card } from '../parts/card.js';
import { emptyState, errorState, loadingState } from '../parts/states.js';
import { diffObjects, describeDiff } from './object-diff.js';

/** Card with the latest predictions. */
export function historyCard(signal: AbortSignal) {
  const body = element('div', {}, loadingState('Loading history'));
  const refresh = async () => {
    try {
      const { predictions } = await listPredictions(signal);
      body.replaceChildren(
        predictions.length > 0
          ? predictionTable(predictions)
          : emptyState('image', 'No predictions yet', 'Predictions appear here.'),
      );
      return predictions;
    } catch (error) {
      if (!signal.aborted) {
        body.replaceChildren(errorState(messageOf(error), () => void refresh()));
      }
      return [];
    }
  };
  void refresh();
  return { root: card('History', body), refresh };
}

function predictionTable(predictions: readonly LoggedPrediction[]): HTMLElement {
  const head = ['Class', 'Confidence', 'Inference', 'Corrected', 'Model', 'Time'];
  const rows = predictions.map((row) =>
    element(
      'tr',
      {},
      element('td', {}, row.predicted_class ?? 'none'),
      element('td', {}, formatPercent(row.confidence)),
      element('td', {}, `${(row.prediction_time * 1000).toFixed(0)} ms`),
      element('td', { class: 'corrected' }, ...correctionLines(row)),
      element('td', {}, `${row.model.name} ${row.model.version}`),
      element('td', {}, formatDate(row.time)),
    ),
  );
  return element(
    'div',
    { class: 'table-responsive', tabindex: 0, role: 'region', 'aria-label': 'Latest predictions' },
    element(
      'table',
      { class: 'table' },
      element('thead', {}, element('tr', {}, ...head.map((name) => element('th', {}, name)))),
      element('tbody', {}, ...rows),
    ),
  );
}

/** Describes the latest corrected class, and how the corrected boxes differ from the prediction. */
function correctionLines({ feedback, objects = [] }: LoggedPrediction): readonly HTMLElement[] {
  const name = feedback.findLast((entry) => entry.class !== undefined)?.class;
  const corrected = feedback.findLast((entry) => entry.objects)?.objects;
  const lines = [
    ...(name === undefined ? [] : [`class: ${name}`]),
    ...(corrected ? [`boxes: ${describeDiff(diffObjects(objects, corrected))}`] : []),
  ];
  return lines.map((line) => element('div', {}, line));
}

import { listPredictions, type LoggedPrediction } from '../api/images.js';
import { messageOf } from '../api/request.js';
import { element } from '../dom.js';
import { moment, percent } from '../format.js';
import { emptyState, errorState, loadingState } from '../parts/states.js';
import { correctionOf, describeCorrection } from './correction.js';

/** The last predictions. */
export function historyCard(signal: AbortSignal) {
  const body = element('div', {}, loadingState('Loading the history'));
  const refresh = async () => {
    try {
      const { predictions } = await listPredictions(signal);
      body.replaceChildren(
        predictions.length > 0
          ? tableOf(predictions)
          : emptyState('picture', 'No predictions yet', 'The first picture makes the first line.'),
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
  const title = element('h2', {}, 'History');
  const root = element('section', { class: 'card card-body' }, title, body);
  return { root, refresh };
}

function tableOf(predictions: readonly LoggedPrediction[]): HTMLElement {
  const head = ['Class', 'Confidence', 'Inference', 'Corrected', 'Model', 'When'];
  const rows = predictions.map((row) =>
    element(
      'tr',
      {},
      element('td', {}, row.predicted_class ?? 'nothing'),
      element('td', {}, percent(row.confidence)),
      element('td', {}, `${(row.prediction_time * 1000).toFixed(0)} ms`),
      element('td', { class: 'corrected' }, ...correctedTo(row)),
      element('td', {}, `${row.model.name} ${row.model.version}`),
      element('td', {}, moment(row.time)),
    ),
  );
  return element(
    'div',
    { class: 'table-responsive', tabindex: 0, role: 'region', 'aria-label': 'Last predictions' },
    element(
      'table',
      { class: 'table' },
      element('thead', {}, element('tr', {}, ...head.map((name) => element('th', {}, name)))),
      element('tbody', {}, ...rows),
    ),
  );
}

/** The last class that a person said, and how the boxes differ from those that were found. */
function correctedTo({ feedback, objects = [] }: LoggedPrediction): readonly HTMLElement[] {
  const name = feedback.findLast((said) => said.class !== undefined)?.class;
  const seen = feedback.findLast((said) => said.objects)?.objects;
  const lines = [
    ...(name === undefined ? [] : [`it shows ${name}`]),
    ...(seen ? [`boxes: ${describeCorrection(correctionOf(objects, seen))}`] : []),
  ];
  return lines.map((line) => element('div', {}, line));
}

import { messageOf } from '../api/request.js';
import { element } from '../dom.js';
import { count } from '../format.js';
import { emptyState, errorState, loadingState } from '../parts/states.js';
import { parseMetrics, type Sample, total } from './metrics.js';

/** Predictions since the API started, how long they take, and what of. */
export function throughputCard() {
  const body = element('div', {}, loadingState('Loading'));
  const title = element('h2', {}, 'Throughput');
  const root = element('section', { class: 'card card-body' }, title, body);
  let before: { readonly predictions: number; readonly atMs: number } | undefined;
  const show = async (read: () => Promise<string | undefined>, signal: AbortSignal) => {
    try {
      const text = await read();
      const samples = parseMetrics(text ?? '');
      const predictions = total(samples, 'predictions_total') ?? 0;
      const now = { predictions, atMs: performance.now() };
      const perSecond = before ? rate(before, now) : 0;
      before = now;
      body.replaceChildren(predictions > 0 ? figures(samples, perSecond) : nothing());
    } catch (error) {
      if (!signal.aborted) body.replaceChildren(errorState(messageOf(error)));
    }
  };
  return { root, show };
}

interface Look {
  readonly predictions: number;
  readonly atMs: number;
}

function rate(before: Look, now: Look): number {
  return (Math.max(0, now.predictions - before.predictions) * 1000) / (now.atMs - before.atMs);
}

const nothing = () =>
  emptyState('picture', 'No predictions yet', 'Pictures of the page and of the API count here.');

function figures(samples: readonly Sample[], perSecond: number): HTMLElement {
  const seconds = total(samples, 'prediction_latency_seconds_sum') ?? 0;
  const timed = total(samples, 'prediction_latency_seconds_count') ?? 0;
  const values: readonly (readonly [string, string])[] = [
    ['Predictions', count(total(samples, 'predictions_total') ?? 0)],
    ['Now', `${perSecond.toFixed(1)} per second`],
    ['Time of one', timed > 0 ? `${((seconds / timed) * 1000).toFixed(0)} ms` : 'unknown'],
    ['Lanes', count(total(samples, 'vidette_api_lanes') ?? 0)],
    ['Waiting', count(total(samples, 'vidette_api_queue') ?? 0)],
    ['Errors', count(total(samples, 'prediction_errors_total') ?? 0)],
  ];
  return element(
    'dl',
    { class: 'facts' },
    ...values.map(([name, value]) =>
      element('div', {}, element('dt', {}, name), element('dd', {}, value)),
    ),
  );
}

import { messageOf } from '../api/request.js';
import { element } from '../dom.js';
import { formatCount } from '../format.js';
import { card } from '../parts/card.js';
import { factGrid } from '../parts/fact-grid.js';
import { emptyState, errorState, loadingState } from '../parts/states.js';
import { parseMetrics, type Sample, total } from './metrics.js';

/** Card with the number, rate and latency of predictions of images since the API started. */
export function throughputCard() {
  const body = element('div', {}, loadingState('Loading'));
  const root = card('Throughput of images', body);
  let before: Reading | undefined;
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

interface Reading {
  readonly predictions: number;
  readonly atMs: number;
}

function rate(before: Reading, now: Reading): number {
  return (Math.max(0, now.predictions - before.predictions) * 1000) / (now.atMs - before.atMs);
}

const nothing = () =>
  emptyState('image', 'No images yet', 'Images sent by this page or to the API are counted here.');

function figures(samples: readonly Sample[], perSecond: number): HTMLElement {
  const seconds = total(samples, 'prediction_latency_seconds_sum') ?? 0;
  const timed = total(samples, 'prediction_latency_seconds_count') ?? 0;
  return factGrid([
    ['Images', formatCount(total(samples, 'predictions_total') ?? 0)],
    ['Current rate', `${perSecond.toFixed(1)} per second`],
    ['Mean latency', timed > 0 ? `${((seconds / timed) * 1000).toFixed(0)} ms` : 'unknown'],
    ['Lanes', formatCount(total(samples, 'vidette_api_lanes') ?? 0)],
    ['Waiting', formatCount(total(samples, 'vidette_api_queue') ?? 0)],
    ['Errors', formatCount(total(samples, 'prediction_errors_total') ?? 0)],
  ]);
}

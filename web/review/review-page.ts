import type { Model } from '../../api/types.js';
import { type Experiment, listExperiments } from '../api/experiments.js';
import { type LoggedPrediction } from '../api/images.js';
import { messageOf } from '../api/request.js';
import { listReviews, REVIEW_KINDS, type ReviewSearch } from '../api/review.js';
import { listModels } from '../api/system.js';
import { element } from '../dom.js';
import { field, selectInput } from '../parts/fields.js';
import { emptyState, errorState, loadingState } from '../parts/states.js';
import type { Page } from '../router.js';
import { disagreementField } from './disagreement-field.js';
import { reviewCard } from './review-card.js';

const EMPTY: Readonly<Record<ReviewSearch['kind'], string>> = {
  audit:
    'A share of the images that are kept (VIDETTE_AUDIT_RATE) is listed here until it is reviewed.',
  'low-confidence': 'Kept images whose prediction is uncertain are listed here.',
  disagreement: 'Images on which two people gave different feedback are listed here.',
};

const NONE_DIFFER =
  'Images of the audit sample on which both versions of the experiment differ are listed here until they are labelled.';

/** Page on which a person confirms or corrects predictions, one after another. */
export const reviewPage: Page = async (target, signal, _parameter, query) => {
  const [models, { experiments }] = await Promise.all([
    listModels(signal),
    listExperiments(signal),
  ]);
  const queue = element('section', { 'aria-label': 'Review' });
  const form = searchForm(models, experiments, query);
  let current = new AbortController();
  const start = () => {
    current.abort();
    current = new AbortController();
    const search = form.read();
    history.replaceState(null, '', `#/review?${new URLSearchParams({ ...search })}`);
    void review(queue, models, search, AbortSignal.any([signal, current.signal]));
  };
  form.root.addEventListener('change', start);
  target.replaceChildren(element('h1', {}, 'Review'), form.root, form.note, queue);
  start();
};

function searchForm(
  models: readonly Model[],
  experiments: readonly Experiment[],
  query: URLSearchParams,
) {
  const kind = selectInput(REVIEW_KINDS, query.get('kind') ?? undefined);
  const specs = models.map(({ name, version }) => `${name}@${version}`);
  const all = ['', 'all models'] as const;
  const options = [all, ...specs.map((spec) => [spec, spec.replace('@', ' ')] as const)];
  const model = selectInput(options, query.get('model') ?? undefined);
  const modelField = field('Model', model);
  const between = disagreementField(experiments, query);
  const root = element(
    'form',
    { class: 'card card-body review-search' },
    field('Predictions', kind),
    between.root,
    modelField,
  );
  const read = (): ReviewSearch => {
    const selected = REVIEW_KINDS[kind.selectedIndex]![0]; // an option per kind
    const compared = selected === 'disagreement' ? between.read() : {};
    between.show(selected === 'disagreement');
    // Both models of an experiment or a rescoring are given.
    const isFixed = compared.experiment !== undefined || compared.rescoring !== undefined;
    modelField.hidden = isFixed;
    return {
      ...{ kind: selected, ...compared },
      ...(model.value !== '' && !isFixed && { model: model.value }),
    };
  };
  return { root, note: between.note, read };
}

/** Shows the predictions of a search one after another until the signal aborts. */
async function review(
  queue: HTMLElement,
  models: readonly Model[],
  search: ReviewSearch,
  signal: AbortSignal,
): Promise<void> {
  const restart = () => void review(queue, models, search, signal);
  queue.replaceChildren(loadingState('Loading predictions'));
  try {
    let count = 0;
    for await (const prediction of listReviews(search, signal)) {
      await reviewOne(queue, prediction, models, count > 0);
      signal.throwIfAborted();
      count += 1;
      queue.replaceChildren(loadingState('Loading predictions'));
    }
    queue.replaceChildren(endState(search, count, restart));
  } catch (error) {
    if (!signal.aborted) queue.replaceChildren(errorState(messageOf(error), restart));
  }
}

/** Shows a prediction; resolves when the person has finished with it. */
function reviewOne(
  queue: HTMLElement,
  prediction: LoggedPrediction,
  models: readonly Model[],
  takesFocus: boolean,
): Promise<void> {
  return new Promise((resolve) => {
    const { name, version } = prediction.model;
    const model = models.find((each) => each.name === name && each.version === version);
    const card = reviewCard(prediction, model?.classes ?? [], resolve);
    queue.replaceChildren(card);
    if (takesFocus) card.focus();
  });
}

function endState(
  { kind, experiment }: ReviewSearch,
  count: number,
  restart: () => void,
): HTMLElement {
  const button = element(
    'button',
    { class: 'btn btn-outline-primary', onclick: restart },
    'Look again',
  );
  const state =
    count > 0
      ? emptyState('image', 'That was the last one', 'Skipped predictions are listed again.')
      : emptyState(
          'image',
          'Nothing to review',
          experiment === undefined ? EMPTY[kind] : NONE_DIFFER,
        );
  state.append(button);
  return state;
}

import type { Retraining } from '../../api/types.js';
import { type Child, element, fill } from '../dom.js';
import { formatDate, joinFacts } from '../format.js';
import { card } from '../parts/card.js';
import { progressBar } from '../parts/progress-bar.js';
import { statusBadge } from '../parts/status-badge.js';
import { showDecisionDialog } from './change-dialogs.js';
import { comparisonView } from './comparison-view.js';
import type { ModelState } from './model-state.js';
import { describeDecision, describeStage, describeVerdict, trainedShare } from './model-text.js';
import { showRetrainDialog } from './retrain-dialog.js';

/** Card with the newest retraining of a model: progress, comparison, gate and decision. */
export function retrainCard(name: string, onChanged: () => void) {
  const body = element('div', { class: 'retraining' });
  const progress = progressBar('Progress of the training');
  const root = card('Retraining', body);
  let drawn = '';
  const show = (state: ModelState) => {
    const { retraining } = state;
    if (retraining) progress.update(trainedShare(retraining), describeStage(retraining));
    const text = JSON.stringify([{ ...retraining, training: null }, state.versions]);
    if (text === drawn) return;
    drawn = text;
    root.hidden = !retraining && !isTrainable(state);
    const start = startButton(state, onChanged);
    if (!retraining) return fill(body, element('p', {}, INTRODUCTION), start);
    const parts = partsOf(name, retraining, onChanged);
    fill(body, ...parts, retraining.status === 'processing' ? undefined : start);
    if (isWorking(retraining)) body.append(progress.root);
  };
  return { root, show };
}

/** Only classifiers are retrained. */
const isTrainable = ({ versions }: ModelState) => versions[0]?.task === 'classify';

const INTRODUCTION =
  'Train a version further on a data set of feedback, compare both on its test images, ' +
  'and decide.';

const isWorking = ({ status, stage }: Retraining) => status === 'processing' && stage !== 'waiting';

function startButton(state: ModelState, onChanged: () => void): HTMLElement {
  const onclick = () => void showRetrainDialog(state).then(onChanged);
  return element('button', { class: 'btn btn-sm btn-outline-secondary', onclick }, 'Retrain …');
}

function partsOf(name: string, retraining: Retraining, onChanged: () => void): readonly Child[] {
  const { status, error, comparison, verdict, decision, outcome } = retraining;
  return [
    element(
      'div',
      { class: 'retrain-state' },
      statusBadge(status),
      element('span', {}, ...originOf(retraining)),
    ),
    error !== null && element('p', { class: 'text-danger-emphasis text-break' }, error),
    comparison && comparisonView(comparison),
    verdict && verdictView(verdict),
    decision && element('p', {}, joinFacts([describeDecision(decision, outcome), decision.reason])),
    waitingView(name, retraining, onChanged),
  ];
}

/** Base, data set and version of a retraining. */
function originOf({ stage, base, dataset, version, mlflow_version }: Retraining): readonly Child[] {
  if (!base || !dataset) return [];
  const waits = stage === 'waiting' && 'Waiting for a decision. ';
  const spec = `${dataset.name}@${dataset.version}`;
  const link = element('a', { href: `#/dataset/${encodeURIComponent(spec)}` }, spec);
  const registered = mlflow_version === null ? '' : ` (version ${mlflow_version} in MLflow)`;
  const result = version === null ? '' : `, became version ${version}${registered}`;
  return [waits, `Version ${base.version} on the data set `, link, result];
}

function verdictView(verdict: NonNullable<Retraining['verdict']>): HTMLElement {
  const reasons = verdict.reasons.map((reason) => element('li', {}, reason));
  return element(
    'div',
    { class: `gate gate-${verdict.gate}` },
    element('strong', {}, describeVerdict(verdict)),
    reasons.length > 0 && element('ul', {}, ...reasons),
  );
}

/** Buttons that decide about a challenger; undefined unless it waits for a decision. */
function waitingView(
  name: string,
  { status, stage, version, decide_until }: Retraining,
  onChanged: () => void,
): HTMLElement | undefined {
  if (status !== 'processing' || stage !== 'waiting' || version === null) return undefined;
  const decide = (promote: boolean) => () =>
    void showDecisionDialog(name, version, promote).then(onChanged);
  const until =
    decide_until !== null &&
    `Without a decision until ${formatDate(decide_until)}, it is rejected.`;
  return element(
    'div',
    { class: 'review-actions' },
    element(
      'button',
      { class: 'btn btn-primary', onclick: decide(true) },
      `Promote version ${version}`,
    ),
    element('button', { class: 'btn btn-outline-secondary', onclick: decide(false) }, 'Reject'),
    element('span', { class: 'text-body-secondary' }, until),
  );
}

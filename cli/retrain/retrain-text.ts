import type { Retraining } from '../../client/index.js';
import { formatPairs, formatStatus, formatTable, formatTime } from '../format.js';

/** Formats the state of a retraining. */
export function formatRetraining(retraining: Retraining): string {
  const { model, status, stage, error, base, dataset, verdict, version, mlflow_version } =
    retraining;
  return formatPairs([
    ['model', model],
    ['status', formatStatus(status)],
    ['stage', stage],
    ['outcome', outcomeText(retraining)],
    ['error', error],
    ['base', base && `${base.name}@${base.version}`],
    ['data set', dataset && `${dataset.name}@${dataset.version}`],
    ['training', trainingText(retraining)],
    ['scores', scoresText(retraining)],
    ['gate', verdict && [verdict.gate, ...verdict.reasons].join('\n')],
    ['challenger', version === null ? null : `${model}@${version}`],
    ['in MLflow', mlflow_version === null ? null : `version ${mlflow_version}`],
    ['decision', decisionText(retraining)],
    ['workflow', retraining.workflow_id],
  ]);
}

/** @example 'not enough: 12 new images, 50 are required' */
function outcomeText({ outcome, new_images }: Retraining): string | null {
  if (outcome !== 'not-enough' || !new_images) return outcome;
  return `not enough: ${new_images.count} new images, ${new_images.required} are required`;
}

/** Formats retrainings as a table. */
export function formatRetrainings(retrainings: readonly Retraining[]): string {
  if (retrainings.length === 0) return 'No retrainings. Start one with: vidette retrain MODEL';
  const rows = retrainings.map(({ model, status, stage, base, dataset, version }) => [
    ...[model, formatStatus(status), stage],
    base ? `${base.name}@${base.version}` : '-',
    dataset ? `${dataset.name}@${dataset.version}` : '-',
    version === null ? '-' : `${model}@${version}`,
  ]);
  return formatTable([['MODEL', 'STATUS', 'STAGE', 'BASE', 'DATA SET', 'CHALLENGER'], ...rows]);
}

/** @example 'step 120 of 460, loss 0.3120' */
function trainingText({ training }: Retraining): string | null {
  if (!training) return null;
  const loss = training.loss === null ? '' : `, loss ${training.loss.toFixed(4)}`;
  return `step ${training.step} of ${training.of}${loss}`;
}

/** @example 'accuracy 93.0 % (champion 90.0 %) on 200 test images, difference 0.2 % to 5.8 %' */
function scoresText({ comparison }: Retraining): string | null {
  if (!comparison) return null;
  const { images, champion, challenger, difference } = comparison;
  const interval = `${percent(difference.low)} to ${percent(difference.high)}`;
  const score = challenger.boxes ? 'average precision' : 'accuracy';
  return `${score} ${percent(challenger.value)} (champion ${percent(champion.value)}) on ${images} test images, difference ${interval}`;
}

function decisionText(retraining: Retraining): string | null {
  const { model, stage, outcome: end, decide_until, decision } = retraining;
  if (decision) {
    const promoted = end === 'promoted-elsewhere' ? 'promoted elsewhere' : 'promoted';
    const outcome = decision.promote ? promoted : 'not promoted';
    const reason = decision.reason === null ? '' : `: ${decision.reason}`;
    return `${outcome} by ${decision.by}${reason}`;
  }
  if (stage !== 'waiting' || decide_until === null) return null;
  return `open until ${formatTime(decide_until)}: vidette retrain decide ${model} --promote --reason TEXT (or --reject)`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** Formats a line of progress. */
export function retrainProgressLine(retraining: Retraining): string {
  const training = trainingText(retraining);
  return training === null ? retraining.stage : `${retraining.stage}: ${training}`;
}

import type { Experiment, ExperimentDetails } from '../../client/index.js';
import { describeEvidence } from '../../domain/experiment/describe-evidence.js';
import { formatPairs, formatTable, formatTime } from '../format.js';

const HEAD = ['EXPERIMENT', 'MODE', 'CHAMPION', 'CHALLENGER', 'STATUS', 'STARTED', 'BY'];

/** Formats experiments as a table. */
export function formatExperiments(experiments: readonly Experiment[]): string {
  if (experiments.length === 0)
    return 'No experiment was started. Start one with: vidette experiments start fish@4';
  const rows = experiments.map(({ experiment_id: id, mode, arms, status, started_at, by }) => [
    ...[id, mode, specOf(arms.champion), specOf(arms.challenger), status],
    ...[formatTime(started_at.toISOString()), by],
  ]);
  return formatTable([HEAD, ...rows]);
}

/** @example 'Experiment fish-8bed849eba57 compares fish@4 with fish@3 (shadow).' */
export function formatStarted({ experiment_id: id, mode, arms }: Experiment): string {
  const both = `${specOf(arms.challenger)} with ${specOf(arms.champion)}`;
  return `Experiment ${id} compares ${both} (${mode}). See it with: vidette experiments show ${id}`;
}

/** Formats an experiment with its evidence. */
export function formatExperiment(details: ExperimentDetails): string {
  const { experiment_id: id, mode, arms, status, started_at, by, report } = details;
  const { agreement, counts, pairs, classes } = report;
  const facts = formatPairs([
    ['experiment', id],
    ['compares', `${specOf(arms.challenger)} with ${specOf(arms.champion)} (${mode})`],
    ['status', status],
    ['started', `${formatTime(started_at.toISOString())} by ${by}`],
    ['evidence', describeEvidence(report)],
    ['labelled', `${report.labelled} of ${report.audited} images of the audit sample`],
    ['pairs', pairs && `challenger alone right ${pairs.wins}, champion alone ${pairs.losses}`],
    ['agreement', agreement === null ? null : percent(agreement)],
    ['champion', armText(details, 'champion')],
    ['challenger', armText(details, 'challenger')],
    ['dropped', counts.dropped === 0 ? null : String(counts.dropped)],
    ['split', ratioText(report)],
    ['decision', decisionText(details)],
  ]);
  if (classes.length === 0) return facts;
  const rows = classes.map(({ class: name, champion, challenger }) => [
    ...[name, `${champion.right} of ${champion.labelled}`],
    `${challenger.right} of ${challenger.labelled}`,
  ]);
  return `${facts}\n\n${formatTable([['CLASS', 'CHAMPION', 'CHALLENGER'], ...rows])}`;
}

function armText({ report }: ExperimentDetails, arm: 'champion' | 'challenger'): string {
  const { predictions, errors, labelled, right, accuracy, inference_s: time } = report.arms[arm];
  const interval = `${percent(accuracy.low)} to ${percent(accuracy.high)}`;
  const known = labelled === 0 ? '' : `, ${right} of ${labelled} right (${interval})`;
  const took = time ? `, p95 ${(time.p95 * 1000).toFixed(0)} ms` : '';
  return `${predictions} predictions, ${errors} errors${known}${took}`;
}

function ratioText({ sample_ratio: ratio }: ExperimentDetails['report']): string | null {
  if (!ratio) return null;
  const { keys, expected, plausible } = ratio;
  const verdict = plausible ? 'as expected' : 'NOT as expected: do not decide by it';
  return `${keys.champion} and ${keys.challenger} keys at a share of ${percent(expected)}: ${verdict}`;
}

function decisionText({ decision }: Experiment): string | null {
  if (!decision) return null;
  const outcome = decision.promote ? 'challenger promoted' : 'champion kept';
  return `${outcome} by ${decision.by}: ${decision.reason}`;
}

function specOf({ model }: Experiment['arms']['champion']): string {
  return `${model.name}@${model.version}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

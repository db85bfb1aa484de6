import type { RescoreReport, Rescoring } from '../../client/index.js';
import { formatDiffCounts } from '../diff-text.js';
import { formatCount, formatPairs, formatStatus, formatTable, formatTime } from '../format.js';

/** Formats a list of rescorings as a table. */
export function formatRescorings(rescorings: readonly Rescoring[]): string {
  const rows = rescorings.map(({ rescore_id, status, model, of, report, created_at }) => [
    ...[rescore_id, formatStatus(status), of, model],
    ...[report ? String(report.cases) : '-', formatTime(created_at)],
  ]);
  return formatTable([['RESCORING', 'STATUS', 'OF', 'MODEL', 'DIFFER', 'STARTED'], ...rows]);
}

/** Formats the state of a rescoring with its report. */
export function formatRescoring(rescoring: Rescoring): string {
  const { rescore_id, status, error, model, of, since, until, report } = rescoring;
  const facts = formatPairs([
    ['rescoring', rescore_id],
    ['status', formatStatus(status)],
    ['progress', rescoring.progress && rescoreProgressLine(rescoring)],
    ['error', error],
    ['model', model],
    ['of', of],
    ['from', formatTime(since)],
    ['to', formatTime(until)],
    ['workflow', rescoring.workflow_id],
  ]);
  return report ? [facts, ...reportParts(report)].join('\n\n') : facts;
}

/** Formats a line of progress. */
export function rescoreProgressLine({ progress }: Rescoring): string {
  if (!progress) return 'closing';
  const { stage, images, jobs } = progress;
  if (images === null || jobs === null) return stage;
  return `${stage}: ${formatCount(images, 'image')}, ${formatCount(jobs, 'job')}`;
}

function reportParts({ images, jobs, cases, rescore_id }: RescoreReport): string[] {
  const failed = images.failed > 0 ? `, ${images.failed} could not be predicted` : '';
  const left = jobs.not_compared.map(({ event_id, reason }) => `  ${event_id}: ${reason}`);
  const missing = jobs.total - jobs.compared;
  const hint = `${cases} differ: vidette rescore cases ${rescore_id}`;
  return [
    ...(images.total > 0
      ? [
          `${formatCount(images.compared, 'image')} compared, ${share(images.agreement)} agree${failed}`,
          images.objects ? formatDiffCounts(images.objects) : formatClasses(images.classes),
        ]
      : []),
    ...(jobs.total > 0
      ? [
          `${formatCount(jobs.compared, 'job')} compared, ${share(jobs.agreement)} of ${formatCount(jobs.objects.frames, 'frame')} agree`,
          ...(jobs.compared > 0 ? [formatDiffCounts(jobs.objects)] : []),
          ...(missing > 0 ? [[`${missing} not compared:`, ...left].join('\n')] : []),
        ]
      : []),
    hint,
  ];
}

function formatClasses(classes: RescoreReport['images']['classes']): string {
  const rows = Object.entries(classes).map(([name, { before, after, both }]) => [
    ...[name, String(before), String(after), String(both)],
  ]);
  return formatTable([['CLASS', 'BEFORE', 'AFTER', 'BOTH'], ...rows]);
}

/** @example share(0.962) // '96.2 %' */
function share(value: number | null): string {
  return value === null ? 'none' : `${(100 * value).toFixed(1)} %`;
}

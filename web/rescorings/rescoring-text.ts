import type { Rescoring } from '../../api/types.js';
import { formatCount, formatDate, joinFacts, pluralize } from '../format.js';

/** Link to the page of a rescoring. */
export const rescoringHash = (id: string) => `#/rescoring/${encodeURIComponent(id)}`;

/** @example 'road 1 on past predictions of city' */
export function rescoringTitle({ model, of }: Pick<Rescoring, 'model' | 'of'>): string {
  return `${specText(model)} on past predictions of ${specText(of)}`;
}

const specText = (spec: string) => spec.replace('@', ' ');

const STAGES = {
  opening: 'Starting',
  listing: 'Listing past predictions',
  images: 'Predicting images',
  jobs: 'Running jobs',
  comparing: 'Comparing',
  done: 'Closing',
} as const;

/** Stage of a rescoring that runs, with the numbers that are known. */
export function describeRescoreStage({ progress }: Pick<Rescoring, 'progress'>): string {
  if (!progress) return 'Starting';
  const { stage, images, jobs } = progress;
  const counts = images === null || jobs === null ? [] : [countPast(images, jobs)];
  return joinFacts([STAGES[stage], ...counts]);
}

/** @example '1,200 images, 1 job' */
export function countPast(images: number, jobs: number): string {
  return `${pluralize(images, 'image')}, ${pluralize(jobs, 'job')}`;
}

/** The line below the title of a rescoring in the list. */
export function rescoringFacts(rescoring: Rescoring): string {
  const { status, report, created_at } = rescoring;
  return joinFacts([
    status === 'processing' && describeRescoreStage(rescoring),
    report && countPast(report.images.total, report.jobs.total),
    report && `${formatCount(report.cases)} differ`,
    `started ${formatDate(created_at)}`,
  ]);
}

/** Formats a share of 0 to 1 with a decimal; null is none. @example formatAgreement(0.962) // '96.2 %' */
export function formatAgreement(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)} %`;
}

import type { ExperimentReport } from './report.js';

/** Below this, odds have one decimal place. */
const ROUNDED_FROM = 100;
/** Odds above this are not written out. */
const WRITTEN_MAX = 1e6;

/** @example describeEvidence(report) // 'evidence 3.2 : 1 for the challenger, 20 : 1 decides' */
export function describeEvidence({ evidence }: Pick<ExperimentReport, 'evidence'>): string {
  const { ratio, decides_at, decided, leader } = evidence;
  const ahead = leader === null ? '' : ` for the ${leader}`;
  const odds = `evidence ${formatOdds(ratio)} : 1${ahead}`;
  return decided ? `${odds}: decided` : `${odds}, ${decides_at} : 1 decides`;
}

/** @example formatOdds(3.24) // '3.2' */
function formatOdds(ratio: number): string {
  if (ratio > WRITTEN_MAX) return 'over 1,000,000';
  return ratio < ROUNDED_FROM ? ratio.toFixed(1) : ratio.toFixed(0);
}

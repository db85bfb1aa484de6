import { logFactorial } from './log-factorial.js';

/** Labelled images that only one of the arms gets right. */
export interface Pairs {
  /** Images that only the challenger gets right. */
  readonly wins: number;
  /** Images that only the champion gets right. */
  readonly losses: number;
}

/**
 * Logarithm of the Bayes factor of pairs: that one arm wins more often, by an unknown share (uniform from 0
 * to 1), against that each wins half of them: `2^n w! l! / (n + 1)!`. Under the latter it is a martingale
 * that starts at 1, so that it ever reaches 20 in at most 5 % of experiments, however often they are
 * looked at (Ville's inequality).
 */
export function logPairEvidence({ wins, losses }: Pairs): number {
  const count = wins + losses;
  return count * Math.LN2 + logFactorial(wins) + logFactorial(losses) - logFactorial(count + 1);
}

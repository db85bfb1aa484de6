import type { GapCause } from '../domain/stream/gap.js';

/** Cause for which the time up to an instant has no rows, if it is not accounted for before. */
export interface Loss {
  /** Excluded, in ms since 1970. */
  readonly to: number;
  readonly cause: GapCause;
}

/** Adds a loss to those before it; consecutive ones with the same reason become one. */
export function addLoss(losses: readonly Loss[], loss: Loss): readonly Loss[] {
  const last = losses.at(-1);
  if (last && last.to >= loss.to) return losses;
  const isSame = last?.cause.reason === loss.cause.reason;
  return [...(isSame ? losses.slice(0, -1) : losses), loss];
}

/** Adds losses to those before them. */
export function addLosses(losses: readonly Loss[], more: readonly Loss[]): readonly Loss[] {
  return more.reduce(addLoss, losses);
}

/** Number of distinct keys of each arm. */
export interface ArmKeys {
  readonly champion: number;
  readonly challenger: number;
}

export interface SampleRatio {
  readonly keys: ArmKeys;
  /** Share of the keys that the challenger should have. */
  readonly expected: number;
  /** Whether a correct split has such numbers in all but 1 of 1,000 cases. */
  readonly plausible: boolean;
}

/** Quantile of .999 of the chi-squared distribution with one degree of freedom. */
const CHI_SQUARED_LIMIT = 10.828;

/**
 * Compares the numbers of keys with the share of the challenger. Keys are counted and not predictions,
 * because all predictions of a key are in one arm.
 */
export function checkSampleRatio(keys: ArmKeys, share: number): SampleRatio {
  const count = keys.champion + keys.challenger;
  const expected = count * share;
  const variance = expected * (1 - share);
  const isImpossible = variance === 0 && keys.challenger !== expected;
  const statistic = variance === 0 ? 0 : (keys.challenger - expected) ** 2 / variance;
  return { keys, expected: share, plausible: !isImpossible && statistic < CHI_SQUARED_LIMIT };
}

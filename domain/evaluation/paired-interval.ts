/** Difference of two models on the same images, with its 95 % interval. */
export interface Difference {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Quantile of the normal distribution of a two-sided interval of 95 %. */
const Z = 1.959963984540054;

/**
 * Interval of the difference of two shares on the same images, from the images on which the models
 * differ: adjusted Wald interval with half an image added to each cell (Agresti and Min 2005).
 * @param wins images that only the second model gets right.
 * @param losses images that only the first model gets right.
 */
export function pairedInterval(counts: {
  readonly images: number;
  readonly wins: number;
  readonly losses: number;
}): Difference {
  const images = counts.images + 2;
  const [wins, losses] = [counts.wins + 0.5, counts.losses + 0.5];
  const center = (wins - losses) / images;
  const variance = wins + losses - (wins - losses) ** 2 / images;
  const margin = (Z * Math.sqrt(variance)) / images;
  const value = counts.images === 0 ? 0 : (counts.wins - counts.losses) / counts.images;
  return { value, low: Math.max(-1, center - margin), high: Math.min(1, center + margin) };
}

/** Upper bounds of the confidence buckets of `predictions_total`. */
const CONFIDENCE_BORDERS = [0.25, 0.5, 0.75, 0.9, 1];
/** Maximum number of classes with their own series; further ones count as `other`. */
const CLASSES_MAX = 100;
/** Label without a value. */
export const NOTHING = 'none';
const OTHER = 'other';

/**
 * Returns the upper bound of the bucket of a confidence.
 * @example confidenceBucket(0.8) // '0.9'
 */
export function confidenceBucket(confidence: number): string {
  const border = CONFIDENCE_BORDERS.find((each) => confidence <= each);
  return String(border ?? CONFIDENCE_BORDERS.at(-1));
}

/** Returns a function that limits the values of a label to the first classes that occur. */
export function boundedClasses(max = CLASSES_MAX): (name: string | null) => string {
  const known = new Set<string>();
  return (name) => {
    if (name === null) return NOTHING;
    if (known.size < max) known.add(name);
    return known.has(name) ? name : OTHER;
  };
}

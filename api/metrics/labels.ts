/** Borders of the confidences in `predictions_total`, which are shares of 1. */
const CONFIDENCE_BORDERS = [0.25, 0.5, 0.75, 0.9, 1];
/** So many classes have series of their own; what comes after them is `other`. */
const CLASSES_MAX = 100;
const NOTHING = 'none';
const OTHER = 'other';

/**
 * The border at or below which a confidence lies.
 * @example confidenceBucket(0.8) // '0.9'
 */
export function confidenceBucket(confidence: number): string {
  const border = CONFIDENCE_BORDERS.find((each) => confidence <= each);
  return String(border ?? CONFIDENCE_BORDERS.at(-1));
}

/** Values of a label: those of the first classes that come, so that they stay few. */
export function boundedClasses(max = CLASSES_MAX): (name: string | null) => string {
  const known = new Set<string>();
  return (name) => {
    if (name === null) return NOTHING;
    if (known.size < max) known.add(name);
    return known.has(name) ? name : OTHER;
  };
}

/** Answer of a classifier for a labelled image. */
export interface ClassifiedImage {
  /** SHA-256 of the image. */
  readonly image: string;
  /** True class. */
  readonly label: string;
  /** Best class; null if the model could not read the image. */
  readonly predicted: string | null;
  /** Confidence of the best class, 0 to 1. */
  readonly confidence: number;
}

/** Number of test images of a class, and the share of them that the model recognises. */
export interface ClassScore {
  readonly images: number;
  readonly value: number;
}

export interface ClassificationScore {
  /** Share of the images whose best class is the true one. */
  readonly value: number;
  /** Expected calibration error: mean distance between confidence and accuracy. */
  readonly calibration_error: number;
  readonly classes: Readonly<Record<string, ClassScore>>;
}

/** Bins of equal width of the expected calibration error (Guo et al. 2017). */
const BINS = 15;

/** Scores the answers of a classifier; of no answers, all scores are 0. */
export function scoreClassifier(answers: readonly ClassifiedImage[]): ClassificationScore {
  const byClass = groupBy(answers, ({ label }) => label);
  const classes = [...byClass].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    value: accuracyOf(answers),
    calibration_error: calibrationErrorOf(answers),
    classes: Object.fromEntries(
      classes.map(([label, of]) => [label, { images: of.length, value: accuracyOf(of) }]),
    ),
  };
}

export function isRight({ label, predicted }: ClassifiedImage): boolean {
  return predicted === label;
}

function accuracyOf(answers: readonly ClassifiedImage[]): number {
  return answers.length === 0 ? 0 : answers.filter(isRight).length / answers.length;
}

function calibrationErrorOf(answers: readonly ClassifiedImage[]): number {
  const binOf = ({ confidence }: ClassifiedImage) =>
    Math.min(BINS - 1, Math.floor(confidence * BINS));
  const bins = [...groupBy(answers, binOf).values()];
  const distances = bins.map((bin) => {
    const confidence = bin.reduce((sum, each) => sum + each.confidence, 0) / bin.length;
    return Math.abs(accuracyOf(bin) - confidence) * (bin.length / answers.length);
  });
  return distances.reduce((sum, distance) => sum + distance, 0);
}

function groupBy<T, Key>(values: readonly T[], keyOf: (value: T) => Key): Map<Key, T[]> {
  const groups = new Map<Key, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group) group.push(value);
    else groups.set(keyOf(value), [value]);
  }
  return groups;
}

import type { ArmName, ExperimentCounts } from './experiment.js';

/** What is counted: a prediction or an error of an arm, or what became of an image in the shadow. */
export type Counted =
  | { readonly kind: 'predictions' | 'errors'; readonly arm: ArmName }
  | { readonly kind: 'agreed' | 'differed' | 'dropped' };

/** Returns the counts after one more. */
export function countOne(counts: ExperimentCounts, counted: Counted): ExperimentCounts {
  if (!('arm' in counted)) return { ...counts, [counted.kind]: counts[counted.kind] + 1 };
  const { kind, arm } = counted;
  return { ...counts, [kind]: { ...counts[kind], [arm]: counts[kind][arm] + 1 } };
}

/** Returns the sum of counts. */
export function addCounts(a: ExperimentCounts, b: ExperimentCounts): ExperimentCounts {
  const byArm = (kind: 'predictions' | 'errors') => ({
    champion: a[kind].champion + b[kind].champion,
    challenger: a[kind].challenger + b[kind].challenger,
  });
  return {
    ...{ predictions: byArm('predictions'), errors: byArm('errors') },
    agreed: a.agreed + b.agreed,
    differed: a.differed + b.differed,
    dropped: a.dropped + b.dropped,
  };
}

import { AppError } from '../errors.js';
import { canonicalJson } from '../hash.js';
import type { Parameters } from '../job/job-input.js';

/** Parameters that must be those of the job whose detections are used. */
const SAME = [
  ...['every', 'preprocess', 'still', 'max_failed', 'track', 'from_ms', 'to_ms'],
] as const satisfies readonly (keyof Parameters)[];

/**
 * Checks that the objects of a derived job are among those of its source.
 * @throws AppError `INVALID_INPUT` that names the first parameter that is not narrower, or changed.
 */
export function checkNarrowed(derived: Parameters, source: Parameters): void {
  const problem = findProblem(derived, source);
  if (problem === undefined) return;
  throw new AppError(
    'INVALID_INPUT',
    `Invalid ${problem}. A derived job selects among the stored objects; run the job again for others.`,
  );
}

function findProblem(derived: Parameters, source: Parameters): string | undefined {
  const { conf, iou, max_det } = source;
  if (derived.conf < conf) return limit('conf', `at least ${conf}`, derived.conf);
  if (derived.iou > iou) return limit('iou', `at most ${iou}`, derived.iou);
  if (derived.max_det > max_det) return limit('max_det', `at most ${max_det}`, derived.max_det);
  const added = addedClass(derived.classes ?? undefined, source.classes ?? undefined);
  if (added !== undefined) return `classes: the job did not detect ${added}`;
  // The document store returns null for a value that is missing.
  const isChanged = (name: keyof Parameters) =>
    canonicalJson(derived[name] ?? null) !== canonicalJson(source[name] ?? null);
  const changed = SAME.find(isChanged);
  return changed && `${changed}: expected that of the job, ${JSON.stringify(source[changed])}`;
}

const limit = (name: string, expected: string, received: number) =>
  `${name}: expected ${expected}, that of the job, received ${received}`;

/** Class of a derived job that its source did not detect. */
function addedClass(
  derived: readonly string[] | undefined,
  source: readonly string[] | undefined,
): string | undefined {
  if (!source) return undefined;
  if (!derived) return 'all classes';
  const known = new Set(source.map((name) => name.toLowerCase()));
  const added = derived.find((name) => !known.has(name.toLowerCase()));
  return added === undefined ? undefined : JSON.stringify(added);
}

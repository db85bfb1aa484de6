import { AppError } from '../../errors.js';
import type { Parameters } from '../../job/job-input.js';
import type { ResultHeader } from '../result.js';

type Options = Readonly<Partial<Parameters>>;

/** Options that select the sampled frames. */
const SAMPLING = ['every', 'from_ms', 'to_ms', 'track'] as const;
/** Other options on which the objects of a frame depend. */
const DETECTION = ['conf', 'iou', 'max_det', 'classes', 'preprocess', 'still'] as const;

/** Returns the options with different values that select other frames; none if both are the same. */
export function differentSampling(a: Options, b: Options): readonly (keyof Parameters)[] {
  return SAMPLING.filter((name) => textOf(a, name) !== textOf(b, name));
}

/** Returns the options other than the model that can make objects differ. */
export function differentOptions(a: Options, b: Options): readonly string[] {
  return DETECTION.filter((name) => textOf(a, name) !== textOf(b, name));
}

/** @throws AppError `NOT_COMPARABLE` if the results are not of the same frames. */
export function expectComparable(a: ResultHeader, b: ResultHeader): void {
  const sampling = differentSampling(a.parameters, b.parameters).map(
    (name) => `${name} is ${textOf(a.parameters, name)} and ${textOf(b.parameters, name)}`,
  );
  const isSameVideo = a.video.etag === b.video.etag;
  const video = `the videos ${a.video_id} (etag ${a.video.etag}) and ${b.video_id} (etag ${b.video.etag}) are different`;
  const reasons = [...(isSameVideo ? [] : [video]), ...sampling];
  if (reasons.length === 0) return;
  throw new AppError(
    'NOT_COMPARABLE',
    `Jobs ${a.event_id} and ${b.event_id} cannot be compared: ${reasons.join('; ')}. ` +
      `Compare jobs of one video with the same ${SAMPLING.join(', ')}; a rerun with another model has them.`,
    { a: a.event_id, b: b.event_id },
  );
}

/** An option as text; a missing one, or null in events of FerretDB, is the default. */
function textOf(options: Options, name: keyof Parameters): string {
  const isUnset = options[name] === undefined || options[name] === null;
  if (isUnset) return name === 'from_ms' ? '0' : 'unset';
  return JSON.stringify(options[name]);
}

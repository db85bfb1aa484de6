import { AppError } from '../../domain/errors.js';
import type { ImageFindings } from '../../domain/image-batch/image-row.js';
import type {
  ImageLanes,
  ImagesJob,
  ImagesResult,
  NumberedImage,
} from '../../domain/ports/lanes.js';
import { RECOVERY_LIMITS } from '../../domain/recovery/limits.js';
import { SKIP_REASONS } from '../../domain/recovery/recovery.js';

type LaneOptions = Parameters<ImageLanes['predict']>[1];

/** Number of images of one lane job: these are predicted again if their lane is lost. */
const LANE_IMAGES = 32;

/**
 * Predicts on images of which some may crash or hang the lane. An image in flight when the lane is lost
 * is tried alone; if it ends that lane too, it gets an error.
 * @throws AppError `LANE_LOST` if lanes are lost for another reason.
 */
export async function predictIsolated(
  lanes: ImageLanes,
  job: ImagesJob,
  { signal, onFrames }: LaneOptions,
): Promise<ImagesResult> {
  const found = new Map<number, ImageFindings>();
  const times: number[] = [];
  const onDone = (done: number) => onFrames(found.size + done);
  for (let from = 0; from < job.images.length; from += LANE_IMAGES) {
    const images = job.images.slice(from, from + LANE_IMAGES);
    const done = await predictSome(lanes, { ...job, images }, found, { signal, onFrames: onDone });
    if (done.fastestMs !== undefined) times.push(done.fastestMs);
  }
  const images = job.images.map(({ number }) => found.get(number)!); // each is found above
  return { images, ...(times.length > 0 && { fastestMs: Math.min(...times) }) };
}

/** Adds the findings of the images of one lane job; returns the time of its last attempt. */
async function predictSome(
  lanes: ImageLanes,
  job: ImagesJob,
  found: Map<number, ImageFindings>,
  options: LaneOptions,
): Promise<Pick<ImagesResult, 'fastestMs'>> {
  let lostElsewhere = 0;
  for (;;) {
    const images = job.images.filter(({ number }) => !found.has(number));
    if (images.length === 0) return {};
    try {
      const result = await lanes.predict({ ...job, images }, options);
      images.forEach(({ number }, i) => found.set(number, result.images[i]!)); // one for each
      return result;
    } catch (error) {
      const suspect = images.find(({ number }) => number === imageInFlight(error));
      if (suspect) found.set(suspect.number, await predictAlone(lanes, job, suspect, options));
      else if (!isLaneLost(error) || ++lostElsewhere > RECOVERY_LIMITS.rangeRestarts) throw error;
    }
  }
}

async function predictAlone(
  lanes: ImageLanes,
  job: ImagesJob,
  image: NumberedImage,
  options: LaneOptions,
): Promise<ImageFindings> {
  try {
    const { images } = await lanes.predict({ ...job, images: [image], alone: true }, options);
    return images[0]!; // of one image
  } catch (error) {
    if (imageInFlight(error) !== image.number) throw error;
    return { error: SKIP_REASONS.endsLane(String((error as AppError).facts['how'])) };
  }
}

/** Number of the image that was in flight when a lane was lost. */
function imageInFlight(error: unknown): unknown {
  return isLaneLost(error) ? error.facts['frame'] : undefined;
}

/** Whether a lane crashed or hung; a job that is refused because the worker stops has no `how`. */
function isLaneLost(error: unknown): error is AppError {
  return (
    error instanceof AppError && error.code === 'LANE_LOST' && error.facts['how'] !== undefined
  );
}

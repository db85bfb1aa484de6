import { AppError } from '../../domain/errors.js';
import type { ClassFusion } from '../../domain/model/ensemble.js';
import { type Classifier, openClassifier } from '../classifier.js';
import { softmaxOf } from '../decode/class-reader.js';
import { letterboxOf } from '../preprocess/letterbox.js';
import { createMutex } from '../session/mutex.js';
import type { ModelOptions } from '../session/running-model.js';
import { closeMembers, ensembleOutputOf, type LoadedMember, loadMembers } from './members.js';
import { interleave, resizeFrame } from './resize-frame.js';

/** Confidences of a member by class id of the ensemble, and its weight. */
interface Opinion {
  readonly confidences: Float64Array;
  readonly weight: number;
}

/** Combines the confidences of the members; the result sums to 1. */
const FUSIONS: Readonly<
  Record<ClassFusion['classes'], (opinions: readonly Opinion[]) => Float64Array>
> = {
  mean: (opinions) => meanOf(opinions, (value) => value),
  // The smallest number replaces 0, so that one member cannot make every class impossible.
  'log-mean': (opinions) =>
    softmaxOf(meanOf(opinions, (value) => Math.log(Math.max(value, Number.MIN_VALUE)))),
};

/**
 * Loads the members of an ensemble as one classifier, which takes whole images and resizes each for
 * every member.
 * @throws AppError as {@link openClassifier} does.
 */
export async function openFusedClassifier(options: ModelOptions): Promise<Classifier> {
  const { manifest } = options;
  const fuse = FUSIONS[classFusionOf(manifest).classes];
  const members = await loadMembers(options, openClassifier);
  const inTurn = createMutex();
  return {
    contentSize: (frameSize) => letterboxOf(frameSize, manifest.input).content,
    classify: (frames, frameSize) =>
      inTurn(async () => {
        const opinions: Opinion[][] = frames.map(() => []);
        const pixels = frames.map(interleave);
        for (const { model, weight, classIds } of members) {
          const content = model.contentSize(frameSize);
          const resized = pixels.map((each) => resizeFrame(each, frameSize, content));
          const classified = await model.classify(await Promise.all(resized), frameSize);
          classified.forEach((confidences, frame) =>
            opinions[frame]!.push({ weight, confidences: reorder(confidences, classIds) }),
          );
        }
        return opinions.map(fuse);
      }),
    close: () => inTurn(() => closeMembers(members)),
  };
}

function classFusionOf(manifest: ModelOptions['manifest']): ClassFusion {
  const { fuse } = ensembleOutputOf(manifest);
  if ('classes' in fuse) return fuse;
  throw new AppError(
    'INVALID_INPUT',
    `Model ${manifest.name} is an ensemble of detectors and does not classify images. Use a classifier.`,
    { model: manifest.name },
  );
}

function reorder(
  confidences: Float64Array,
  classIds: LoadedMember<Classifier>['classIds'],
): Float64Array {
  const reordered = new Float64Array(confidences.length);
  classIds.forEach((classId, i) => (reordered[classId] = confidences[i]!));
  return reordered;
}

/** Weighted mean of a function of the confidences, by class. */
function meanOf(opinions: readonly Opinion[], of: (confidence: number) => number): Float64Array {
  const total = opinions.reduce((sum, { weight }) => sum + weight, 0);
  const means = new Float64Array(opinions[0]!.confidences.length);
  for (const { confidences, weight } of opinions) {
    confidences.forEach((value, classId) => (means[classId]! += (weight * of(value)) / total));
  }
  return means;
}

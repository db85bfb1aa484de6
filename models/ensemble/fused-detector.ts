import { AppError } from '../../domain/errors.js';
import type { BoxFusion } from '../../domain/model/ensemble.js';
import { area, type Bbox, type Detection, type Size } from '../../domain/result/detection.js';
import { type Detector, type DetectOptions, openDetector } from '../detector.js';
import { letterboxOf } from '../preprocess/letterbox.js';
import { createMutex } from '../session/mutex.js';
import type { FramePixels, ModelOptions } from '../session/running-model.js';
import { type BoxFusionOptions, fuseBoxes, type MemberBox } from './fuse-boxes.js';
import { closeMembers, ensembleOutputOf, type LoadedMember, loadMembers } from './members.js';
import { interleave, resizeFrame } from './resize-frame.js';

/** Maximum number of boxes of a member in a frame; the most confident are kept. */
const MEMBER_BOXES_MAX = 1000;

type Member = LoadedMember<Detector>;

/**
 * Loads the members of an ensemble as one detector. It takes whole frames, resizes each for every
 * member, and fuses the boxes in pixels of the frame.
 * @throws AppError as {@link openDetector} does.
 */
export async function openFusedDetector(options: ModelOptions): Promise<Detector> {
  const { manifest } = options;
  const fusion = boxFusionOf(manifest);
  const members = await loadMembers(options, openDetector);
  const fuseOptions: BoxFusionOptions = {
    iou: fusion.iou,
    weights: members.map(({ weight }) => weight),
    totalWeight: totalWeights(members, manifest.labels.length),
  };
  const inTurn = createMutex();
  return {
    batchSize: Math.max(...members.map(({ model }) => model.batchSize)),
    contentSize: (frameSize) => letterboxOf(frameSize, manifest.input).content,
    detect: (frames, frameSize, detectOptions) =>
      inTurn(async () => {
        const { iou } = detectOptions;
        const memberOptions = { conf: fusion.member_conf, iou, maxDetections: MEMBER_BOXES_MAX };
        const found = await detectWithMembers(members, frames, frameSize, memberOptions);
        return found.map((boxes) => select(fuseBoxes(boxes, fuseOptions), detectOptions));
      }),
    close: () => inTurn(() => closeMembers(members)),
  };
}

function boxFusionOf(manifest: ModelOptions['manifest']): BoxFusion {
  const { fuse } = ensembleOutputOf(manifest);
  if ('boxes' in fuse) return fuse;
  throw new AppError(
    'INVALID_INPUT',
    `Model ${manifest.name} is an ensemble of classifiers and does not detect objects. Use a detector.`,
    { model: manifest.name },
  );
}

/** Sums the weights of the members that know each class. */
function totalWeights(members: readonly Member[], classCount: number): (classId: number) => number {
  const totals = new Float64Array(classCount);
  for (const { weight, classIds } of members) {
    for (const classId of new Set(classIds)) totals[classId]! += weight;
  }
  return (classId) => totals[classId]!;
}

/** Boxes of all members in each frame, clipped to it. */
async function detectWithMembers(
  members: readonly Member[],
  frames: readonly FramePixels[],
  frameSize: Size,
  options: DetectOptions,
): Promise<readonly MemberBox[][]> {
  const pixels = frames.map(interleave);
  const found: MemberBox[][] = frames.map(() => []);
  for (const [member, { model, classIds }] of members.entries()) {
    const content = model.contentSize(frameSize);
    const resized = await Promise.all(pixels.map((each) => resizeFrame(each, frameSize, content)));
    const detected = await model.detect(resized, frameSize, options);
    detected.forEach((detections, frame) => {
      for (const { classId, confidence, bbox } of detections) {
        const box = clipTo(frameSize, bbox);
        if (area(box) === 0) continue;
        found[frame]!.push({ member, classId: classIds[classId]!, confidence, bbox: box });
      }
    });
  }
  return found;
}

function clipTo({ width, height }: Size, [xMin, yMin, xMax, yMax]: Bbox): Bbox {
  const clip = (value: number, max: number) => Math.min(Math.max(value, 0), max);
  return [clip(xMin, width), clip(yMin, height), clip(xMax, width), clip(yMax, height)];
}

function select(
  detections: readonly Detection[],
  { conf, classIds, maxDetections }: DetectOptions,
): Detection[] {
  return detections
    .filter(({ classId, confidence }) => confidence >= conf && (classIds?.has(classId) ?? true))
    .slice(0, maxDetections);
}

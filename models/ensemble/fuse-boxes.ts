import { type Bbox, type Detection, iou } from '../../domain/result/detection.js';

/** A box of a member; its class id is that of the ensemble. */
export interface MemberBox extends Detection {
  /** Index of the member. */
  readonly member: number;
}

export interface BoxFusionOptions {
  /** IoU above which two boxes of a class are the same object, 0 to 1. */
  readonly iou: number;
  /** Weight of each member. */
  readonly weights: readonly number[];
  /** Sum of the weights of the members that know a class. */
  readonly totalWeight: (classId: number) => number;
}

/** A box with its confidence times the weight of its member. */
interface WeightedBox extends MemberBox {
  readonly weighted: number;
}

/** Boxes that count as one object. */
interface Cluster {
  readonly classId: number;
  readonly boxes: WeightedBox[];
  bbox: Bbox;
}

/**
 * Weighted boxes fusion (Solovyev, Wang and Gabruseva, Image and Vision Computing 107, 2021). Each
 * object has the mean of its boxes, weighted by their confidences. Its confidence is their mean times
 * the share of the members' weight that found it (`box_and_model_avg` of the package ensemble-boxes),
 * so that it is at most 1. The result is sorted by descending confidence.
 */
export function fuseBoxes(boxes: readonly MemberBox[], options: BoxFusionOptions): Detection[] {
  const sorted = boxes
    .map((box) => ({ ...box, weighted: box.confidence * options.weights[box.member]! }))
    .sort((a, b) => b.weighted - a.weighted);
  const clusters: Cluster[] = [];
  for (const box of sorted) addBox(clusters, box, options.iou);
  return clusters
    .map(({ classId, bbox, boxes: found }) => {
      return { classId, bbox, confidence: confidenceOf(classId, found, options) };
    })
    .sort((a, b) => b.confidence - a.confidence);
}

/** Adds a box to the cluster of its class that it overlaps most, or starts one. */
function addBox(clusters: Cluster[], box: WeightedBox, minimum: number): void {
  const { classId, bbox } = box;
  let nearest: Cluster | undefined;
  let highest = minimum;
  for (const cluster of clusters) {
    const overlap = cluster.classId === classId ? iou(cluster.bbox, bbox) : 0;
    if (overlap > highest) [nearest, highest] = [cluster, overlap];
  }
  if (!nearest) {
    clusters.push({ classId, bbox, boxes: [box] });
    return;
  }
  nearest.boxes.push(box);
  nearest.bbox = meanBox(nearest.boxes);
}

function meanBox(boxes: readonly WeightedBox[]): Bbox {
  const total = sumOf(boxes, ({ weighted }) => weighted);
  const mean = (side: 0 | 1 | 2 | 3) =>
    sumOf(boxes, ({ weighted, bbox }) => weighted * bbox[side]) / total;
  return [mean(0), mean(1), mean(2), mean(3)];
}

function confidenceOf(
  classId: number,
  boxes: readonly WeightedBox[],
  { weights, totalWeight }: BoxFusionOptions,
): number {
  const mean =
    sumOf(boxes, ({ weighted }) => weighted) / sumOf(boxes, ({ member }) => weights[member]!);
  const found = [...new Set(boxes.map(({ member }) => member))];
  return (mean * sumOf(found, (member) => weights[member]!)) / totalWeight(classId);
}

function sumOf<T>(values: readonly T[], valueOf: (value: T) => number): number {
  return values.reduce((sum, value) => sum + valueOf(value), 0);
}

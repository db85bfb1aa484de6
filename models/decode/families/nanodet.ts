import type { OutputOf } from '../../../domain/model/model-output.js';
import type { Candidates } from '../candidates.js';
import { anchorCountOf, type Grid, gridsOf } from '../grid.js';
import type { InferenceSpec } from '../../session/inference-spec.js';
import { addCorners, bestClassOf, type OutputReader, type TensorShape } from './output-reader.js';

/** Values of a grid: contiguous per anchor, `step` values from one anchor to the next. */
interface GridValues {
  readonly grid: Grid;
  readonly confidences: Float32Array;
  readonly distances: Float32Array;
  readonly firstConfidence: number;
  readonly firstDistance: number;
  readonly confidenceStep: number;
  readonly distanceStep: number;
}

/**
 * Reads NanoDet outputs: the distance of each side from the anchor is the mean of a distribution
 * (Generalized Focal Loss, arXiv:2006.04388).
 */
export function createNanodetReader(
  model: InferenceSpec,
  output: OutputOf<'nanodet'>,
): OutputReader {
  const grids = gridsOf(model.input, output.strides);
  const classCount = model.labels.length;
  const distanceCount = 4 * output.bins;
  const { tensors } = output;
  const readGrid = createGridReader(model, output);
  if ('confidences' in tensors) {
    return {
      tensors: pairShapes(tensors, grids, classCount, distanceCount),
      nmsFree: false,
      read(given, conf, candidates) {
        grids.forEach((grid, i) => {
          const confidences = given[i]!.values;
          const distances = given[grids.length + i]!.values;
          const firsts = { firstConfidence: 0, firstDistance: 0 };
          const steps = { confidenceStep: classCount, distanceStep: distanceCount };
          readGrid({ grid, confidences, distances, ...firsts, ...steps }, conf, candidates);
        });
      },
    };
  }
  const step = classCount + distanceCount;
  const anchors = anchorCountOf(model.input, output.strides);
  return {
    tensors: [{ name: tensors.joined, dims: [1, anchors, step] }],
    nmsFree: false,
    read([tensor], conf, candidates) {
      const { values } = tensor!;
      let first = 0;
      for (const grid of grids) {
        const firsts = { firstConfidence: first, firstDistance: first + classCount };
        const steps = { confidenceStep: step, distanceStep: step };
        const both = { confidences: values, distances: values };
        readGrid({ grid, ...both, ...firsts, ...steps }, conf, candidates);
        first += grid.rows * grid.columns * step;
      }
    },
  };
}

function pairShapes(
  { confidences, distances }: { confidences: readonly string[]; distances: readonly string[] },
  grids: readonly Grid[],
  classCount: number,
  distanceCount: number,
): TensorShape[] {
  const shapes = (names: readonly string[], values: number) =>
    grids.map(({ rows, columns }, i) => ({ name: names[i], dims: [1, rows * columns, values] }));
  return [...shapes(confidences, classCount), ...shapes(distances, distanceCount)];
}

function createGridReader(model: InferenceSpec, { cell_offset, bins }: OutputOf<'nanodet'>) {
  const { width, height } = model.input;
  const clip = (value: number, most: number) => Math.min(Math.max(value, 0), most);
  return (values: GridValues, conf: number, candidates: Candidates): void => {
    const { grid, confidences, distances } = values;
    const { gridStride, columns, rows } = grid;
    for (let anchor = 0; anchor < rows * columns; anchor++) {
      const first = values.firstConfidence + anchor * values.confidenceStep;
      const classId = bestClassOf(model, confidences, first, conf);
      if (classId < 0) continue;
      const x = ((anchor % columns) + cell_offset) * gridStride;
      const y = (Math.floor(anchor / columns) + cell_offset) * gridStride;
      const at = values.firstDistance + anchor * values.distanceStep;
      addCorners(
        model,
        candidates,
        classId,
        confidences[first + classId]!,
        clip(x - meanOf(distances, at, bins) * gridStride, width),
        clip(y - meanOf(distances, at + bins, bins) * gridStride, height),
        clip(x + meanOf(distances, at + 2 * bins, bins) * gridStride, width),
        clip(y + meanOf(distances, at + 3 * bins, bins) * gridStride, height),
      );
    }
  };
}

/** Expected value of 0 to bins - 1 under the softmax of their logits. */
function meanOf(logits: Float32Array, first: number, bins: number): number {
  let highest = -Infinity;
  for (let bin = 0; bin < bins; bin++) highest = Math.max(highest, logits[first + bin]!);
  let sum = 0;
  let weighted = 0;
  for (let bin = 0; bin < bins; bin++) {
    const share = Math.exp(logits[first + bin]! - highest);
    sum += share;
    weighted += bin * share;
  }
  return weighted / sum;
}

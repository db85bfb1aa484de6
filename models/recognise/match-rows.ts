import type { MasksOutput, OutputOf } from '../../domain/model/model-output.js';
import { anchorCountOf } from '../decode/grid.js';
import { NANODET, ULTRALYTICS, ULTRALYTICS_DETR, YOLOX } from './preprocessing-presets.js';
import { isComputed } from './graph.js';
import { describeMasks } from './output-head.js';
import { isRankedDetr, declaresEndToEnd } from './match-end-to-end.js';
import type { Clues, Match } from './match.js';

/** Strides of the grids of detectors, the most common first. */
const STRIDES: readonly (readonly number[])[] = [
  [8, 16, 32],
  [8, 16, 32, 64],
  [4, 8, 16, 32],
  [16, 32],
];
/** Number of anchors per cell of YOLOv5. */
const ANCHORS_PER_CELL = 3;
/** Values of the distribution of each of four sides. */
const NANODET_BINS = 8;

type Orientation = OutputOf<'yolov8'>['orientation'];

/** Interpretation of the output in one orientation. */
interface Reading {
  readonly tensor: string;
  readonly orientation: Orientation;
  readonly anchors: number | string;
  /** Number of values per anchor, without mask coefficients. */
  readonly values: number;
  readonly masks?: MasksOutput;
}

/** Matches an output with one row, or one column, per anchor of the grids. */
export function matchRows(clues: Clues): Match[] {
  const { rows, masks } = clues.head ?? {};
  if (!rows || declaresEndToEnd(clues.facts)) return [];
  const [, first, second] = rows.dims;
  const more = masks?.coefficients ?? 0;
  const tensors = { tensor: rows.name, ...(masks && { masks }) };
  const readings: Reading[] = [];
  if (typeof second === 'number')
    readings.push({ ...tensors, orientation: 'rows', anchors: first!, values: second - more });
  if (typeof first === 'number')
    readings.push({ ...tensors, orientation: 'columns', anchors: second!, values: first - more });
  return readings.flatMap((reading) => matchReading(clues, reading));
}

function matchReading(clues: Clues, reading: Reading): Match[] {
  const { classCount, size } = clues;
  const { anchors, values, masks } = reading;
  const isDynamic = typeof anchors === 'string';
  const strides = STRIDES.find((each) => anchorCountOf(size, each) === anchors);
  const tripled = STRIDES.some((each) => ANCHORS_PER_CELL * anchorCountOf(size, each) === anchors);
  if (values === classCount + 4 && (isDynamic || strides)) return [yolov8(clues, reading)];
  if (values === classCount + 4 && isUltralyticsDetr(clues) && !masks)
    return [ultralyticsDetr(clues, reading)];
  if (values === classCount + 5 && tripled) return [yolov5(clues, reading)];
  if (values === classCount + 5 && (isDynamic || strides))
    return [withObjectness(clues, reading, strides)];
  if (
    values === classCount + 4 * NANODET_BINS &&
    strides &&
    reading.orientation === 'rows' &&
    !masks
  )
    return [nanodet(clues, reading, strides)];
  return [];
}

function yolov8({ classCount }: Clues, reading: Reading): Match {
  const { tensor, orientation, anchors, values, masks } = reading;
  return {
    output: {
      family: 'yolov8',
      tensor,
      orientation,
      coordinates: 'pixels',
      ...(masks && { masks }),
    },
    because: `each of ${anchors} anchors has ${values} values: 4 of the box and ${classCount} confidences${describeMasks(masks)}`,
    convention: ULTRALYTICS,
  };
}

function yolov5({ classCount }: Clues, reading: Reading): Match {
  const { tensor, orientation, anchors, values, masks } = reading;
  return {
    output: {
      family: 'yolov5',
      tensor,
      orientation,
      coordinates: 'pixels',
      ...(masks && { masks }),
    },
    because: `its ${anchors} anchors are three per cell of its grids, with ${values} values each: 4 of the box, objectness and ${classCount} confidences${describeMasks(masks)}`,
    convention: ULTRALYTICS,
  };
}

/** Distinguishes YOLOX from other models with objectness: they decode the boxes in the graph. */
function withObjectness(
  { facts, classCount }: Clues,
  { tensor, orientation, values, masks }: Reading,
  strides: readonly number[] | undefined,
): Match {
  const summary = `${values} values of an anchor are 4 of the box, objectness and ${classCount} confidences${describeMasks(masks)}`;
  if (orientation === 'rows' && strides && !masks && !isComputed(facts, tensor)) {
    return {
      output: { family: 'yolox', tensor, strides: [...strides] },
      because: `${summary}, and the graph does no arithmetic on the boxes after the last layers, so they are relative to the grid`,
      convention: YOLOX,
    };
  }
  const isUltralytics = facts.metadata.stride !== undefined && facts.metadata.names !== undefined;
  return {
    output: {
      family: 'yolov5',
      tensor,
      orientation,
      coordinates: 'pixels',
      ...(masks && { masks }),
    },
    because: `${summary}, and the graph decodes the boxes`,
    // YOLOv6, YOLOv7 and YOLOX with a decoder look the same but need different preprocessing.
    ...(isUltralytics && { convention: ULTRALYTICS }),
  };
}

function isUltralyticsDetr({ facts }: Clues): boolean {
  return /rt-?detr/i.test(facts.metadata.description ?? '') && !isRankedDetr(facts);
}

function ultralyticsDetr(
  { classCount }: Clues,
  { tensor, orientation, anchors, values }: Reading,
): Match {
  return {
    output: { family: 'yolov8', tensor, orientation, coordinates: 'normalised', finished: true },
    because: `its description contains RT-DETR, and each of ${anchors} queries has ${values} values: 4 of the box and ${classCount} confidences`,
    convention: ULTRALYTICS_DETR,
  };
}

function nanodet(
  { classCount }: Clues,
  { tensor, values }: Reading,
  strides: readonly number[],
): Match {
  return {
    output: {
      family: 'nanodet',
      tensors: { joined: tensor },
      strides: [...strides],
      cell_offset: cellOffsetOf(strides),
      bins: NANODET_BINS,
    },
    because: `${values} values of an anchor are ${classCount} confidences and a distribution of 8 values per side, on ${strides.length} grids`,
    convention: NANODET,
  };
}

/** NanoDet-Plus has four grids and anchors at cell corners; NanoDet has them at cell centres. */
export function cellOffsetOf(strides: readonly number[]): number {
  return strides.length === 4 ? 0 : 0.5;
}

import { AppError } from '../../../domain/errors.js';
import { addCandidate, type Candidates } from '../candidates.js';
import { notFinite, type Network } from '../../session/network.js';

/** A tensor that a network gave. */
export interface OutputTensor {
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

/** What a tensor is to be like. */
export interface TensorShape {
  /** The network's only output where it is left out. */
  readonly name?: string;
  /** A size that is left open is `undefined`; without dims every shape will do. */
  readonly dims?: readonly (number | undefined)[];
}

/** Knows the output of one family of networks. */
export interface OutputReader {
  /** The tensors that it reads, in the order in which it is given them. */
  readonly tensors: readonly TensorShape[];
  /** Whether the network leaves no overlapping boxes of one object. */
  readonly finished: boolean;
  /** Adds the boxes of at least this confidence. */
  readonly read: (tensors: readonly OutputTensor[], conf: number, candidates: Candidates) => void;
}

/**
 * The class of the highest value, the first of equal ones; -1 when all are below `conf`.
 * @throws AppError `MODEL_INVALID` when one of them is NaN.
 */
export function bestClassOf(
  network: Network,
  values: Float32Array,
  first: number,
  conf: number,
): number {
  const end = first + network.labels.length;
  let best = -1;
  let highest = conf;
  for (let at = first; at < end; at++) {
    const value = values[at]!;
    // NaN is not below anything, so it goes on to be found out.
    if (value < highest) continue;
    if (Number.isNaN(value)) throw notFinite(network);
    if (best >= 0 && value === highest) continue;
    best = at - first;
    highest = value;
  }
  return best;
}

/**
 * Adds a box given by its corners.
 * @throws AppError `MODEL_INVALID` for numbers that are not finite or a class without a label.
 */
export function addCorners(
  network: Network,
  candidates: Candidates,
  classId: number,
  confidence: number,
  xMin: number,
  yMin: number,
  xMax: number,
  yMax: number,
  anchor?: number,
): void {
  if (!(classId >= 0 && classId < network.labels.length)) throw noLabel(network, classId);
  if (!addCandidate(candidates, classId, confidence, xMin, yMin, xMax, yMax, anchor))
    throw notFinite(network);
}

/** Adds a box given by its centre and its size; throws as {@link addCorners} does. */
export function addCentred(
  network: Network,
  candidates: Candidates,
  classId: number,
  confidence: number,
  x: number,
  y: number,
  width: number,
  height: number,
  anchor?: number,
): void {
  const halfWidth = width / 2;
  const halfHeight = height / 2;
  addCorners(
    network,
    candidates,
    classId,
    confidence,
    x - halfWidth,
    y - halfHeight,
    x + halfWidth,
    y + halfHeight,
    anchor,
  );
}

/** Pixels of the input for one unit of a box's coordinates. */
export function unitOf(
  { input }: Network,
  coordinates: 'pixels' | 'normalised',
): { readonly x: number; readonly y: number } {
  return coordinates === 'pixels' ? { x: 1, y: 1 } : { x: input.width, y: input.height };
}

function noLabel({ name, labels }: Network, classId: number): AppError {
  return new AppError(
    'MODEL_INVALID',
    `Model ${name} found something of class ${classId}, but its manifest has labels for classes 0 to ${labels.length - 1}; give it the labels that it was trained with`,
    { model: name },
  );
}

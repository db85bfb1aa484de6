import { AppError } from '../../domain/errors.js';
import { type Candidates, createCandidates } from './candidates.js';
import { createOutputReader, type OutputTensor, type TensorShape } from './families/index.js';
import type { Network } from '../session/network.js';

export interface DecodeOptions {
  /** Lowest confidence of a candidate, 0 to 1, itself included. */
  readonly conf: number;
}

export interface Decoder {
  /** The tensors that it decodes, in the order in which it is given them. */
  readonly tensors: readonly TensorShape[];
  /** Whether the network leaves no overlapping boxes of one object, so that none are suppressed. */
  readonly finished: boolean;
  /** Candidates in pixels of the network's input; overwritten by the next call. */
  readonly decode: (tensors: readonly OutputTensor[], options: DecodeOptions) => Candidates;
}

/**
 * The decoder of a network's outputs; it keeps its working memory from call to call. It throws
 * AppError `MODEL_INVALID` for an output of another shape or one that is not finite.
 */
export function createDecoder(network: Network): Decoder {
  const { tensors: shapes, finished, read } = createOutputReader(network);
  const candidates = createCandidates();
  return {
    tensors: shapes,
    finished,
    decode(tensors, { conf }) {
      shapes.forEach((shape, i) => expectDims(network, shape, tensors[i]?.dims));
      candidates.count = 0;
      candidates.atMost = Infinity;
      read(tensors, conf, candidates);
      return candidates;
    },
  };
}

/** Whether a tensor is of the shape; a size that is open (or a name in a file) fits every size. */
export function fitsShape({ dims }: TensorShape, found: readonly (number | string)[]): boolean {
  if (!dims) return true;
  const fits = (dim: number | string, i: number) =>
    dims[i] === undefined || typeof dim === 'string' || dim === dims[i];
  return found.length === dims.length && found.every(fits);
}

/** @example describeShape({ dims: [1, undefined, 6] }) // '[1, any, 6]' */
export function describeShape({ name, dims }: TensorShape): string {
  const shape = dims ? `[${dims.map((dim) => dim ?? 'any').join(', ')}]` : 'of any shape';
  return name === undefined ? shape : `${name} ${shape}`;
}

/** @throws AppError `MODEL_INVALID` for a tensor that is not of the shape. */
export function expectDims({ name }: Network, shape: TensorShape, found?: readonly number[]): void {
  if (found && fitsShape(shape, found)) return;
  throw new AppError(
    'MODEL_INVALID',
    `Model ${name}: expected an output of ${describeShape(shape)}, received [${found?.join(', ') ?? ''}]; correct its manifest or take another file`,
    { model: name },
  );
}

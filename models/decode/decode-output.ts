import { AppError } from '../../domain/errors.js';
import { type Candidates, createCandidates } from './candidates.js';
import { createOutputReader, type OutputTensor, type TensorShape } from './families/index.js';
import type { InferenceSpec } from '../session/inference-spec.js';

export interface DecodeOptions {
  /** Minimum confidence of a candidate, inclusive, 0 to 1. */
  readonly conf: number;
}

export interface Decoder {
  /** Shapes of the tensors that `decode` expects, in order. */
  readonly tensors: readonly TensorShape[];
  /** Whether the model needs no non-maximum suppression (NMS). */
  readonly nmsFree: boolean;
  /**
   * Candidates in pixels of the model's input; overwritten by the next call.
   * @throws AppError `MODEL_INVALID` for an output of another shape or with values that are not finite.
   */
  readonly decode: (tensors: readonly OutputTensor[], options: DecodeOptions) => Candidates;
}

/**
 * Creates the decoder of a model's outputs, which reuses its working memory.
 * @throws AppError `INVALID_INPUT` for a classifier.
 */
export function createDecoder(model: InferenceSpec): Decoder {
  const { tensors: shapes, nmsFree, read } = createOutputReader(model);
  const candidates = createCandidates();
  return {
    tensors: shapes,
    nmsFree,
    decode(tensors, { conf }) {
      shapes.forEach((shape, i) => expectDims(model, shape, tensors[i]?.dims));
      candidates.count = 0;
      candidates.atMost = Infinity;
      read(tensors, conf, candidates);
      return candidates;
    },
  };
}

/** Whether dimensions match a shape; a dynamic dimension (a name, or undefined) matches any size. */
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

/** @throws AppError `MODEL_INVALID` for a tensor of another shape. */
export function expectDims(
  { name }: InferenceSpec,
  shape: TensorShape,
  found?: readonly number[],
): void {
  if (found && fitsShape(shape, found)) return;
  throw new AppError(
    'MODEL_INVALID',
    `Model ${name}: expected an output of ${describeShape(shape)}, received [${found?.join(', ') ?? ''}]; correct its manifest or use another file`,
    { model: name },
  );
}

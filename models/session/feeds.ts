import type { InferenceSession } from 'onnxruntime-node';
import { AppError, messageOf } from '../../domain/errors.js';
import { describeShape, fitsShape } from '../decode/decode-output.js';
import type { InputTensor } from './input-tensor.js';
import type { InferenceSpec } from './inference-spec.js';
import { Tensor } from './tensor.js';

export type Metadata = InferenceSession.ValueMetadata;

/** The part of a model's spec that describes its inputs. */
export type ModelInputSpec = Pick<InferenceSpec, 'name' | 'files'> & {
  readonly input: Pick<
    InferenceSpec['input'],
    'tensor' | 'dtype' | 'size_tensor' | 'layout' | 'width' | 'height'
  >;
};

/** Wraps a failed inference. */
export function runError({ name }: Pick<ModelInputSpec, 'name'>, cause: unknown): AppError {
  return new AppError(
    'MODEL_INVALID',
    `Model ${name} could not be run: ${messageOf(cause)}`,
    { model: name },
    { cause },
  );
}

/**
 * Creates the input tensors by name: the frame, and the input size if the model takes it.
 * @throws AppError `MODEL_INVALID` if the file's inputs are not those of the manifest.
 */
export function feedsOf(
  model: ModelInputSpec,
  { data, dims }: Pick<InputTensor, 'data' | 'dims'>,
  found: readonly Metadata[],
): Readonly<Record<string, Tensor>> {
  const { tensor, dtype, size_tensor, width, height } = model.input;
  const frame = expectInput(model, tensor, dtype, dims, found, size_tensor ? 2 : 1);
  const feeds = { [frame]: createTensor(model, data, dims) };
  if (!size_tensor) return feeds;
  const size = expectInput(model, size_tensor.tensor, size_tensor.dtype, [1, 2], found, 2);
  const values =
    size_tensor.dtype === 'int64'
      ? BigInt64Array.of(BigInt(width), BigInt(height))
      : Float32Array.of(width, height);
  return { ...feeds, [size]: new Tensor(size_tensor.dtype, values, [1, 2]) };
}

function createTensor(model: ModelInputSpec, data: InputTensor['data'], dims: readonly number[]) {
  try {
    return new Tensor(model.input.dtype, data, dims);
  } catch (cause) {
    throw runError(model, cause);
  }
}

/** Returns the name of an input after checking its type and shape against the manifest. */
function expectInput(
  { name: model }: ModelInputSpec,
  name: string | undefined,
  dtype: string,
  dims: readonly number[],
  found: readonly Metadata[],
  count: number,
): string {
  const tensor = findTensor(found, name);
  const fits =
    found.length === count && tensor?.type === dtype && fitsShape({ dims }, tensor.shape);
  if (fits) return tensor.name;
  throw mismatch(model, `input ${dtype} ${describeShape({ name, dims })}`, found);
}

/** Finds a tensor by name; without a name, the only one. */
export function findTensor(found: readonly Metadata[], name: string | undefined) {
  const tensors = found.filter((value) => value.isTensor);
  if (name !== undefined) return tensors.find((value) => value.name === name);
  return tensors.length === 1 ? tensors[0] : undefined;
}

/** Error of a file that does not match its manifest. */
export function mismatch(model: string, expected: string, found: readonly Metadata[]): AppError {
  return new AppError(
    'MODEL_INVALID',
    `Model ${model}: its manifest describes an ${expected}, but the file has ${describe(found)}; correct the manifest or use another file`,
    { model },
  );
}

function describe(found: readonly Metadata[]): string {
  const each = found.map((value) =>
    value.isTensor ? `${value.name} ${value.type} [${value.shape.join(', ')}]` : value.name,
  );
  return each.join(' and ') || 'none';
}

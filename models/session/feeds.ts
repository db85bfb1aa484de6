import type { InferenceSession } from 'onnxruntime-node';
import { AppError, messageOf } from '../../domain/errors.js';
import { describeShape, fitsShape } from '../decode/decode-output.js';
import type { InputTensor } from './input-tensor.js';
import type { Network } from './network.js';
import { Tensor } from './tensor.js';

export type Metadata = InferenceSession.ValueMetadata;

/** The part of a network that tells what it is given. */
export type ModelInputSpec = Pick<Network, 'name' | 'files'> & {
  readonly input: Pick<
    Network['input'],
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

/** The tensors that the network is given: the frame, and the input's size where it asks for it. */
export function feedsOf(
  network: ModelInputSpec,
  { data, dims }: Pick<InputTensor, 'data' | 'dims'>,
  found: readonly Metadata[],
): Readonly<Record<string, Tensor>> {
  const { tensor, dtype, size_tensor, width, height } = network.input;
  const frame = expectInput(network, tensor, dtype, dims, found, size_tensor ? 2 : 1);
  const feeds = { [frame]: createTensor(network, data, dims) };
  if (!size_tensor) return feeds;
  const size = expectInput(network, size_tensor.tensor, size_tensor.dtype, [1, 2], found, 2);
  const values =
    size_tensor.dtype === 'int64'
      ? BigInt64Array.of(BigInt(width), BigInt(height))
      : Float32Array.of(width, height);
  return { ...feeds, [size]: new Tensor(size_tensor.dtype, values, [1, 2]) };
}

function createTensor(network: ModelInputSpec, data: InputTensor['data'], dims: readonly number[]) {
  try {
    return new Tensor(network.input.dtype, data, dims);
  } catch (cause) {
    throw runError(network, cause);
  }
}

/** The name of an input, which must be of the type and shape that the manifest tells. */
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

/** A tensor by its name, or the only one. */
export function findTensor(found: readonly Metadata[], name: string | undefined) {
  const tensors = found.filter((value) => value.isTensor);
  if (name !== undefined) return tensors.find((value) => value.name === name);
  return tensors.length === 1 ? tensors[0] : undefined;
}

/** The error of a file that is not what its manifest describes. */
export function mismatch(model: string, expected: string, found: readonly Metadata[]): AppError {
  return new AppError(
    'MODEL_INVALID',
    `Model ${model}: its manifest describes an ${expected}, the file has ${describe(found)}; correct the manifest or take another file`,
    { model },
  );
}

function describe(found: readonly Metadata[]): string {
  const each = found.map((value) =>
    value.isTensor ? `${value.name} ${value.type} [${value.shape.join(', ')}]` : value.name,
  );
  return each.join(' and ') || 'none';
}

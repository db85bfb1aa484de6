import { InferenceSession, Tensor } from '../../models/session/onnx-runtime.js';

/** Runs an ONNX file on one float32 input; resolves with the values of its only output. */
export async function runOnnx(
  path: string,
  { dims, values }: { readonly dims: readonly number[]; readonly values: Float32Array },
): Promise<readonly number[]> {
  const session = await InferenceSession.create(path, { intraOpNumThreads: 1 });
  try {
    const [input] = session.inputNames;
    const [output] = session.outputNames;
    const results = await session.run({ [input!]: new Tensor('float32', values, dims) });
    return [...(results[output!]!.data as Float32Array)]; // the models of these tests return float32
  } finally {
    await session.release();
  }
}

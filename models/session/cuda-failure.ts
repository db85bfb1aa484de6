/**
 * Shortens an error of ONNX Runtime to CUDA's own statement, which follows C++ signatures and precedes
 * the name of the host; other messages are returned as they are.
 * @example shortenCudaFailure('… CudaCall(…) CUDA failure 100: no device ; GPU=0 ; …')
 * // 'CUDA failure 100: no device'
 */
export function shortenCudaFailure(message: string): string {
  return /\bCU[A-Z]+ failure -?\d+: [^;\n]*[^;\s]/.exec(message)?.[0] ?? message;
}

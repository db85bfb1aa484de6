import { Tensor } from './onnx-runtime.js';

useUint16ForFloat16();

export { Tensor };

/**
 * Makes the runtime keep float16 values in a `Uint16Array` on every version of Node. Where
 * `Float16Array` exists (Node 24), onnxruntime-common prefers it, but the native binding of
 * onnxruntime-node reads such an array as empty. The choice is made when the first tensor is created.
 */
function useUint16ForFloat16(): void {
  const original = Object.getOwnPropertyDescriptor(globalThis, 'Float16Array');
  if (!original) return;
  delete (globalThis as { Float16Array?: unknown }).Float16Array;
  new Tensor('bool', [false], [1]);
  Object.defineProperty(globalThis, 'Float16Array', original);
}

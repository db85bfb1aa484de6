/** Messages of ONNX Runtime, CUDA, cuDNN, cuBLAS and the C++ standard library. */
const OUT_OF_MEMORY =
  /out of memory|fail\w* to allocate|allocation failed|alloc\w*_failed|bad.?alloc/i;

/** Whether an inference failed because the device has too little free memory, by its message. */
export function isOutOfMemory(message: string): boolean {
  return OUT_OF_MEMORY.test(message);
}

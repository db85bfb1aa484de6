import { expect, it } from 'vitest';
import { gpuFailure, shortenGpuFailure } from './gpu-failure.js';

const CALL =
  '/src/cuda_call.cc:146 std::conditional_t<THRW, void, Status> CudaCall(ERRTYPE, const char*, int) [with ERRTYPE = cudaError; bool THRW = true] ';

it.each([
  [
    `${CALL}CUDA failure 100: no CUDA-capable device is detected ; GPU=-1 ; hostname=a ; file=/src/cuda_execution_provider.cc ; line=298 ; expr=cudaSetDevice(info_.device_id); \n\n`,
    'CUDA failure 100: no CUDA-capable device is detected',
  ],
  [
    `${CALL}CUDNN failure 4: CUDNN_STATUS_ALLOC_FAILED ; GPU=0 ;`,
    'CUDNN failure 4: CUDNN_STATUS_ALLOC_FAILED',
  ],
  [
    'Non-zero status code returned while running Slice node. /src/bfc_arena.cc:360 void* AllocateRawInternal(size_t) Failed to allocate memory for requested buffer of size 4153344\n',
    'Failed to allocate memory for requested buffer of size 4153344',
  ],
  [
    "Non-zero status code returned while running Concat node. Name:'Concat_397' Status Message: CUDA error cudaErrorMemoryAllocation:out of memory",
    'CUDA error cudaErrorMemoryAllocation:out of memory',
  ],
  [
    `${CALL}CUDNN_FE failure 11: CUDNN_BACKEND_API_FAILED ; GPU=0 ; hostname=vm ;`,
    'CUDNN_FE failure 11: CUDNN_BACKEND_API_FAILED',
  ],
  ['Failed to load shared library', 'Failed to load shared library'],
])('keeps what CUDA states: %#', (message, short) => {
  expect(shortenGpuFailure(message)).toBe(short);
});

const use = { model: 'm', device: 'gpu', action: 'run' } as const;

it.each([
  `${CALL}CUDA failure 2: out of memory ; GPU=0 ; hostname=a ;`,
  'Non-zero status code: Failed to allocate memory for requested buffer of size 16777216',
  `${CALL}CUDNN failure 4: CUDNN_STATUS_ALLOC_FAILED ; GPU=0 ;`,
  `${CALL}CUBLAS failure 3: the resource allocation failed ; GPU=0 ;`,
  "running Concat node. Name:'Concat_397' Status Message: CUDA error cudaErrorMemoryAllocation:out of memory",
])('reports memory that is full, and what frees it: %#', (message) => {
  const error = gpuFailure(use, new Error(message));
  expect(error).toMatchObject({ code: 'GPU_MEMORY_FULL', retryable: true, facts: { model: 'm' } });
  expect(error!.message).toMatch(
    /^Model m could not be run: the memory of the GPU is full \(.*\)\. Free memory .*nvidia-smi.*VIDETTE_LANES/,
  );
});

it('reports a GPU that failed, with what CUDA states', () => {
  const cause = new Error(`${CALL}CUDA failure 700: an illegal memory access ; GPU=0 ; hostname=a`);
  expect(gpuFailure({ ...use, action: 'loaded' }, cause)).toMatchObject({
    code: 'GPU_FAILED',
    retryable: true,
    message: expect.stringMatching(
      /^Model m could not be loaded: the GPU failed \(CUDA failure 700: an illegal memory access\)\./,
    ) as string,
  });
});

it('recognises an error of a kernel, and keeps the number of frames', () => {
  const cause = new Error('Status Message: CUDA error cudaErrorIllegalAddress:an illegal access');
  expect(gpuFailure({ ...use, frames: 4 }, cause)).toMatchObject({
    code: 'GPU_FAILED',
    facts: { frames: 4 },
  });
});

it('leaves other failures to the caller', () => {
  expect(gpuFailure(use, new Error('Protobuf parsing failed.'))).toBeUndefined();
  expect(gpuFailure({ ...use, device: 'cpu' }, new Error('std::bad_alloc'))).toBeUndefined();
});

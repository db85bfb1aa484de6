import { expect, it } from 'vitest';
import { shortenGpuFailure } from './gpu-failure.js';

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
  ['Failed to load shared library', 'Failed to load shared library'],
])('keeps what CUDA states: %#', (message, short) => {
  expect(shortenGpuFailure(message)).toBe(short);
});

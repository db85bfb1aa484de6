import { pino } from 'pino';
import { expect, it } from 'vitest';
import { AppError } from '../../domain/errors.js';
import { watchGpuAvailability } from './gpu-availability.js';

const full = new AppError('GPU_MEMORY_FULL', 'full');

/** Watches a GPU on which each load fails with the next of `failures`. */
function watch(failures: Error[] = []) {
  const reasons: string[] = [];
  let loads = 0;
  const gpu = watchGpuAvailability({
    load: () => {
      loads++;
      const failure = failures.shift();
      return failure ? Promise.reject(failure) : Promise.resolve();
    },
    logger: pino({ level: 'silent' }),
    onUnavailable: (reason) => reasons.push(reason),
    retryMs: 10,
  });
  return { gpu, reasons, loads: () => loads };
}

const never = new AbortController().signal;

it('is available until the last lane ends because of the GPU', async () => {
  const { gpu, reasons, loads } = watch();
  gpu.onUnserved(new AppError('MODEL_INVALID', 'not a model'));
  expect(gpu.unavailable.aborted).toBe(false);
  await gpu.waitUntilAvailable(never);
  expect([reasons, loads()]).toEqual([[], 0]);
  gpu.onUnserved(full);
  expect(gpu.unavailable.aborted).toBe(true);
  expect(reasons).toEqual(['full']);
});

it('loads the model until the GPU can be used, and reports why it cannot', async () => {
  const { gpu, reasons, loads } = watch([full, new AppError('GPU_FAILED', 'fell off the bus')]);
  gpu.onUnserved(full);
  await gpu.waitUntilAvailable(never);
  expect(gpu.unavailable.aborted).toBe(false);
  expect([reasons, loads()]).toEqual([['full', 'full', 'fell off the bus'], 3]);
});

it('stops waiting when the signal aborts', async () => {
  const { gpu } = watch(Array<Error>(1000).fill(full));
  const stop = new AbortController();
  gpu.onUnserved(full);
  const waiting = gpu.waitUntilAvailable(stop.signal);
  stop.abort();
  await waiting;
  expect(gpu.unavailable.aborted).toBe(true);
});

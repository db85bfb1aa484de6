import { expect, it } from 'vitest';
import { BUCKETS, keys } from '../domain/names.js';
import { createMemoryObjectStore } from '../test/support/memory-object-store.js';
import { createPlanReader } from './plan-reader.js';

it('reads a plan once while its object is the same, and the plan of a new job with its id', async () => {
  const memory = createMemoryObjectStore();
  await memory.ensureBucket(BUCKETS.results);
  let reads = 0;
  const get: typeof memory.get = (...request) => {
    reads++;
    return memory.get(...request);
  };
  const plans = createPlanReader({ ...memory, get });
  const write = (ranges: number) =>
    memory.put(BUCKETS.results, keys.plan('e1'), JSON.stringify({ ranges }));
  await write(1);
  expect(await plans.read(keys.plan('e1'))).toEqual({ ranges: 1 });
  expect(await plans.read(keys.plan('e1'))).toEqual({ ranges: 1 });
  expect(reads).toBe(1);
  await memory.remove(BUCKETS.results, keys.plan('e1'));
  await expect(plans.read(keys.plan('e1'))).rejects.toThrow('NoSuchKey');
  await write(2);
  expect(await plans.read(keys.plan('e1'))).toEqual({ ranges: 2 });
});

import { expect, it } from 'vitest';
import { formatGrowth, growthOf } from './memory-growth.js';

const MIB = 1024 ** 2;
const samplesOf = (part: string, ...mib: number[]) =>
  mib.map((bytes, i) => ({ share: i / (mib.length - 1), bytes: { [part]: bytes * MIB } }));

it('compares the highest memory of both halves', () => {
  const [lanes] = growthOf(samplesOf('lanes', 100, 300, 200, 310, 250));
  expect(lanes).toEqual({ part: 'lanes', early: 300 * MIB, late: 310 * MIB, grows: false });
});

it('reports a worker that grows, but not a server', () => {
  expect(growthOf(samplesOf('lanes', 100, 100, 150, 200))[0]!.grows).toBe(true);
  const [temporal] = growthOf(samplesOf('Temporal', 100, 100, 150, 200));
  expect(temporal!.grows).toBe(false);
});

it('has a line per part', () => {
  const text = formatGrowth(growthOf(samplesOf('lanes', 100, 100, 150, 200)));
  expect(text.split('\n')).toHaveLength(2);
  expect(text).toMatch(/lanes.*grows/);
});

import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  appendHistory,
  compareWithHistory,
  type HistoryEntry,
  ratiosOf,
  readHistory,
  refuseDrops,
} from './history.js';
import type { PeerRun } from './peer.js';
import type { PipelineRun } from './pipeline.js';
import { createReport } from './report.js';

const machine = { cpu: 'any', cores: 2, usable_cores: 2 };

function entryOf(packed: number, changes: Partial<HistoryEntry> = {}): HistoryEntry {
  const facts = { at: '2026-11-27T00:00:00.000Z', version: '0.1.0', machine, model: 'yolox_nano' };
  return { ...facts, ratios: { car: { packed } }, reports: [], ...changes };
}

describe('ratiosOf', () => {
  it('divides medians by the fastest script', () => {
    const report = createReport({ name: 'car', path: 'car.mp4', sampledFrames: 10 });
    const script = (fps: number): PeerRun => ({ frames: 10, seconds: 1, fps, cpu_seconds: 1 });
    const run = (fps: number): PipelineRun => ({
      ...{ event_id: 'e', frames: 10, seconds: 1, fps },
      cpuMsPerFrame: [],
    });
    report.peer['1'] = [script(90)];
    report.peer['2'] = [script(100), script(300), script(80)];
    report.pipeline.none = [run(120), run(10), run(130)];
    expect(ratiosOf([report])).toEqual({ car: { none: 1.2 } });
  });
});

describe('history', () => {
  const createPath = async () => join(await mkdtemp(join(tmpdir(), 'vidette-history-')), 'h.jsonl');

  it('is empty without a file', async () => {
    expect(await readHistory(await createPath())).toEqual([]);
  });

  it('returns what was appended, in order', async () => {
    const path = await createPath();
    await appendHistory(path, entryOf(1));
    await appendHistory(path, entryOf(2));
    expect(await readHistory(path)).toEqual([entryOf(1), entryOf(2)]);
  });

  it('refuses a damaged line', async () => {
    const path = await createPath();
    await writeFile(path, '{"at":');
    await expect(readHistory(path)).rejects.toThrow(SyntaxError);
  });
});

describe('compareWithHistory', () => {
  it('uses the median of the last five entries', () => {
    const history = [9, 9, 1, 1, 1.1, 1.2, 5].map((packed) => entryOf(packed));
    const [change] = compareWithHistory(entryOf(0.9), history);
    expect(change).toEqual({ clip: 'car', mode: 'packed', ratio: 0.9, earlier: 1.1 });
  });

  it.each([
    ['another CPU', { machine: { ...machine, cpu: 'other' } }],
    ['another number of cores', { machine: { ...machine, usable_cores: 1 } }],
    ['another model', { model: 'yolov8n' }],
    ['another clip', { ratios: { person: { packed: 1 } } }],
    ['another mode', { ratios: { car: { none: 1 } } }],
  ])('ignores an entry of %s', (_, changes) => {
    expect(compareWithHistory(entryOf(1), [entryOf(1, changes)])).toEqual([]);
  });
});

describe('refuseDrops', () => {
  const change = { clip: 'car', mode: 'packed', ratio: 0.9, earlier: 1 };

  it('accepts a drop of the limit, and every rise', () => {
    expect(() => refuseDrops([change, { ...change, ratio: 2 }], 0.1)).not.toThrow();
    expect(() => refuseDrops([{ ...change, ratio: 0.01 }], Infinity)).not.toThrow();
  });

  it('names what became slower', () => {
    expect(() => refuseDrops([{ ...change, ratio: 0.89 }], 0.1)).toThrow(
      'by more than 10 %: car, frames: packed: 0.89 of the script, 1.00 before',
    );
  });
});

import { describeSkip } from '../../domain/result/diff/describe-diff.js';
import { createDiffCounter, type DiffCounts } from '../../domain/result/diff/diff-counts.js';
import {
  diffConfident,
  type DiffFrame,
  type DiffRow,
  type DiffThresholds,
} from '../../domain/result/diff/diff-frames.js';
import type { StoredObject } from '../../api/types.js';
import { createFrameIndex, type FrameIndex } from '../job/frame-index.js';

/** Frames of a comparison with thresholds that can be changed. */
export interface DiffFrames {
  readonly index: FrameIndex;
  readonly add: (row: DiffRow) => void;
  /** Difference in a frame with the current thresholds. */
  readonly rowAt: (frame: number) => DiffRow | undefined;
  readonly counts: () => DiffCounts;
  readonly setThresholds: (thresholds: DiffThresholds) => void;
}

/** Objects of a frame in both results, as the API sent them. */
interface Objects {
  readonly a: readonly StoredObject[];
  readonly b: readonly StoredObject[];
}

/** Creates the frames of a comparison; they are compared again when thresholds change. */
export function createDiffFrames(initial: DiffThresholds): DiffFrames {
  const index = createFrameIndex();
  const objects = new Map<number, Objects>();
  let thresholds = initial;
  let rows = new Map<number, DiffRow>();
  let counter = createDiffCounter();
  const keep = (row: DiffRow) => {
    rows.set(row.frame, row);
    counter.add(row);
  };
  const compare = (row: DiffRow): DiffRow => {
    const found = objects.get(row.frame);
    return found && row.type === 'frame' ? { ...row, ...diffConfident(found, thresholds) } : row;
  };
  const add = (row: DiffRow) => {
    const { frame, timestamp_ms } = row;
    if (row.type === 'skipped') index.add({ frame, timestamp_ms, reason: describeSkip(row) });
    else {
      objects.set(frame, objectsOf(row));
      index.add({ frame, timestamp_ms, objects: [] });
    }
    keep(compare(row));
  };
  const setThresholds = (next: DiffThresholds) => {
    thresholds = next;
    const all = [...rows.values()];
    rows = new Map();
    counter = createDiffCounter();
    for (const row of all) keep(compare(row));
  };
  return {
    ...{ index, add, setThresholds },
    rowAt: (frame) => rows.get(frame),
    counts: () => counter.counts(),
  };
}

function objectsOf({ same, changed, vanished, appeared }: DiffFrame): Objects {
  const pairs = [...same, ...changed];
  return {
    a: [...pairs.map(({ a }) => a), ...vanished],
    b: [...pairs.map(({ b }) => b), ...appeared],
  };
}

import prettyBytes from 'pretty-bytes';
import { row } from './report.js';

/** Memory of the parts of the system after a share of the work, in bytes. */
export interface MemorySample {
  /** 0 to 1. */
  readonly share: number;
  readonly bytes: Readonly<Record<string, number>>;
}

/** Highest memory of a part early and late in the work. */
export interface Growth {
  readonly part: string;
  readonly early: number;
  readonly late: number;
  readonly grows: boolean;
}

/** Maximum relative growth, and growth in bytes that is never an error. */
const TOLERANCE = 0.1;
const SLACK = 32 * 1024 ** 2;
/** Parts whose memory must stay flat. */
const FLAT = ['lanes', 'detect worker', 'video worker'];

/** Compares the highest memory in the first half of the work with that in the second half. */
export function growthOf(samples: readonly MemorySample[]): readonly Growth[] {
  const highest = (part: string, isIn: (share: number) => boolean) =>
    Math.max(0, ...samples.flatMap(({ share, bytes }) => (isIn(share) ? (bytes[part] ?? 0) : [])));
  const parts = new Set(samples.flatMap(({ bytes }) => Object.keys(bytes)));
  return [...parts].toSorted().map((part) => {
    const early = highest(part, (share) => share < 0.5);
    const late = highest(part, (share) => share >= 0.5);
    const limit = Math.max(early * (1 + TOLERANCE), early + SLACK);
    return { part, early, late, grows: FLAT.includes(part) && late > limit };
  });
}

/** Formats the growth of each part as lines of a table. */
export function formatGrowth(growth: readonly Growth[]): string {
  const lines = growth.map(({ part, early, late, grows }) =>
    row(part, prettyBytes(early), prettyBytes(late), grows ? 'grows' : ''),
  );
  return [row('highest memory', '1st half', '2nd half', ''), ...lines].join('\n');
}

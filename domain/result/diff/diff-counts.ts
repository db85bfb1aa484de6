import type { DiffRow } from './diff-frames.js';
import { isDifferent } from './diff-frames.js';
import { round } from './diff-objects.js';

/** Counts of a class over all compared frames. */
export interface ClassDiff {
  /** Objects of this class in both results. */
  readonly same: number;
  /** Objects of this class in A that have another class in B. */
  readonly changed_from: number;
  /** Objects of another class in A that have this class in B. */
  readonly changed_to: number;
  readonly vanished: number;
  readonly appeared: number;
  /** Mean change of the confidence of the same objects; null without any. */
  readonly conf_change: number | null;
}

/** Counts of the difference between two results. */
export interface DiffCounts {
  /** Compared frames. */
  readonly frames: number;
  readonly frames_different: number;
  /** Frames that one result or both have skipped or not processed. */
  readonly frames_skipped: number;
  readonly same: number;
  readonly changed: number;
  readonly vanished: number;
  readonly appeared: number;
  /** Mean change of the confidence of the same objects; null without any. */
  readonly conf_change: number | null;
  readonly by_class: Readonly<Record<string, ClassDiff>>;
}

type Tally = { -readonly [Key in keyof Omit<ClassDiff, 'conf_change'>]: number } & {
  /** Sum of the changes of confidence. */
  confChange: number;
};

export interface DiffCounter {
  readonly add: (row: DiffRow) => void;
  readonly counts: () => DiffCounts;
}

/** Creates a counter of the rows of a diff. */
export function createDiffCounter(): DiffCounter {
  const classes = new Map<string, Tally>();
  const frames = { frames: 0, frames_different: 0, frames_skipped: 0 };
  const of = (name: string) => {
    const tally = classes.get(name) ?? newTally();
    classes.set(name, tally);
    return tally;
  };
  const add = (row: DiffRow) => {
    if (row.type === 'skipped') return void frames.frames_skipped++;
    frames.frames++;
    if (isDifferent(row)) frames.frames_different++;
    for (const { a, conf_change } of row.same) {
      of(a.class).same++;
      of(a.class).confChange += conf_change;
    }
    for (const { a, b } of row.changed) {
      of(a.class).changed_from++;
      of(b.class).changed_to++;
    }
    for (const object of row.vanished) of(object.class).vanished++;
    for (const object of row.appeared) of(object.class).appeared++;
  };
  return {
    add,
    counts: () => ({ ...frames, ...totalsOf([...classes.values()]), ...sortClasses(classes) }),
  };
}

function newTally(): Tally {
  return { same: 0, changed_from: 0, changed_to: 0, vanished: 0, appeared: 0, confChange: 0 };
}

function totalsOf(tallies: readonly Tally[]) {
  const sum = (field: keyof Tally) => tallies.reduce((total, tally) => total + tally[field], 0);
  return {
    ...{ same: sum('same'), changed: sum('changed_from') },
    ...{ vanished: sum('vanished'), appeared: sum('appeared') },
    conf_change: meanOf(sum('confChange'), sum('same')),
  };
}

function sortClasses(classes: ReadonlyMap<string, Tally>): Pick<DiffCounts, 'by_class'> {
  const differences = ({ changed_from, changed_to, vanished, appeared }: Tally) =>
    changed_from + changed_to + vanished + appeared;
  const sorted = [...classes].sort(
    ([nameA, a], [nameB, b]) =>
      differences(b) - differences(a) || b.same - a.same || (nameA < nameB ? -1 : 1),
  );
  const by_class = sorted.map(([name, { confChange, ...counts }]) => {
    const conf_change = meanOf(confChange, counts.same);
    return [name, { ...counts, conf_change }] as const;
  });
  return { by_class: Object.fromEntries(by_class) };
}

function meanOf(sum: number, count: number): number | null {
  return count === 0 ? null : round(sum / count);
}

import type { DiffCounts } from '../../domain/result/diff/diff-counts.js';
import { element, fill } from '../dom.js';
import { formatCount } from '../format.js';
import { type Fact, factGrid } from '../parts/fact-grid.js';

interface DiffFacts {
  readonly root: HTMLElement;
  readonly update: (counts: DiffCounts) => void;
}

/** Key figures of a comparison. */
export function diffFacts(): DiffFacts {
  const root = element('div', {});
  const update = (counts: DiffCounts) => {
    const { frames, frames_different, frames_skipped, same, changed, vanished, appeared } = counts;
    const values: readonly Fact[] = [
      ['Frames that differ', `${formatCount(frames_different)} of ${formatCount(frames)}`],
      ['Same objects', formatCount(same)],
      ['Another class', formatCount(changed)],
      ['Only in A', formatCount(vanished)],
      ['Only in B', formatCount(appeared)],
      ...(frames_skipped > 0 ? [['Not compared', formatCount(frames_skipped)] as const] : []),
    ];
    fill(root, factGrid(values));
  };
  return { root, update };
}

import { isGap, spanOf } from '../entry.js';
import type { LogEnd } from '../ledger.js';
import { endOf, type NumberedStretch, readSegments } from './segment.js';

/**
 * Parses what a host recorded of an epoch: outputs of `encodeSegment` in a row, of which the last
 * may be cut off by a crash. A power cut leaves zeros where a block was not written: what follows them
 * is left out.
 */
export function parseJournal(data: Buffer): NumberedStretch[] {
  const written = data.includes(0) ? data.subarray(0, data.indexOf(0)) : data;
  const lines = written.subarray(0, written.lastIndexOf('\n') + 1);
  const stretches = lines.length > 0 ? [...readSegments(lines)] : [];
  const last = stretches.at(-1);
  return last && isCutOff(last) ? stretches.slice(0, -1) : stretches;
}

function isCutOff({ from, to, fps, entries }: NumberedStretch): boolean {
  const end = entries.reduce((at, entry) => spanOf(entry, at, fps).to, from);
  return end !== to;
}

/**
 * Returns the part of a journal that continues a log; nothing if the journal does not reach the end
 * of the log, or has a hole there.
 */
export function entriesAfter(
  journal: readonly NumberedStretch[],
  logEnd: LogEnd,
): NumberedStretch[] {
  const rest: NumberedStretch[] = [];
  let end = logEnd;
  for (const stretch of journal) {
    const remaining = cutBefore(stretch, end);
    if (!remaining) continue;
    rest.push(remaining);
    end = endOf(remaining);
  }
  return rest;
}

/** Returns a stretch without the entries before the end of a log; undefined if they do not meet. */
function cutBefore(stretch: NumberedStretch, end: LogEnd): NumberedStretch | undefined {
  const { fps, entries, to } = stretch;
  let { from, first } = stretch;
  for (const [index, entry] of entries.entries()) {
    if (from === end.accountedTo && first === end.next) {
      return { first, from, fps, to, entries: entries.slice(index) };
    }
    from = spanOf(entry, from, fps).to;
    if (!isGap(entry)) first++;
  }
  return undefined;
}

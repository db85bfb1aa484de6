import { describe, expect, it } from 'vitest';
import { causeOf } from '../gap.js';
import { createLedger } from '../ledger.js';
import { entriesAfter, parseJournal } from './journal.js';
import { encodeSegment, endOf, type NumberedStretch } from './segment.js';

const UUID = '5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c';
const FROM = Date.parse('2026-01-11T12:30:00.000Z');

/** Two rows and a gap, in three stretches of a second. */
function exampleJournal(): NumberedStretch[] {
  const ledger = createLedger(UUID, { next: 1, accountedTo: FROM });
  const frame = (ms: number) =>
    ledger.addFrame({ arrival: FROM + ms, detections: [] }, 1, causeOf('overload'));
  const steps = [
    () => frame(10),
    () => ledger.addGap(FROM + 2000, causeOf('paused')),
    () => frame(2010),
  ];
  return steps.map((step) => {
    const { next: first, accountedTo: from } = ledger.end;
    const entries = step();
    return { first, fps: 1, from, to: ledger.end.accountedTo, entries };
  });
}

const textOf = (stretches: readonly NumberedStretch[]) =>
  stretches.map((stretch) => encodeSegment('000000001-0000000001', stretch)).join('');

describe('parseJournal', () => {
  it('reads the stretches of a journal', () => {
    expect(parseJournal(Buffer.from(textOf(exampleJournal())))).toEqual(exampleJournal());
    expect(parseJournal(Buffer.from(''))).toEqual([]);
  });

  it('reads every complete stretch of a journal that was cut off at any byte', () => {
    const journal = exampleJournal();
    const data = Buffer.from(textOf(journal));
    const ends = journal.map((_, index) => textOf(journal.slice(0, index + 1)).length);
    for (let length = 0; length <= data.length; length++) {
      const complete = ends.filter((end) => end <= length).length;
      expect(parseJournal(data.subarray(0, length)), `${length} bytes`).toHaveLength(complete);
    }
  });

  it('reads what precedes the zeros that a power cut leaves', () => {
    const [first, second, third] = exampleJournal().map((stretch) => textOf([stretch]));
    const lost = '\0'.repeat(second!.length - 1);
    expect(parseJournal(Buffer.from(`${first}${lost}\n${third}`))).toEqual(
      exampleJournal().slice(0, 1),
    );
    expect(parseJournal(Buffer.from(`${lost}\n${third}`))).toEqual([]);
  });
});

describe('entriesAfter', () => {
  const journal = exampleJournal();

  it('continues a log that has all, some or none of the journal', () => {
    const ends = [{ next: 1, accountedTo: FROM }, ...journal.map(endOf)];
    const lengths = ends.map((end) => entriesAfter(journal, end).length);
    expect(lengths).toEqual([3, 2, 1, 0]);
  });

  it('cuts a stretch in which the log ends', () => {
    const whole = { ...journal[0]!, to: FROM + 3000, entries: journal.flatMap((s) => s.entries) };
    const [rest] = entriesAfter([whole], { next: 2, accountedTo: FROM + 2000 });
    expect(rest).toEqual({ ...journal[2]!, first: 2 });
  });

  it.each([
    ['that is newer than the log', { next: 1, accountedTo: FROM - 1000 }],
    ['that is older', { next: 9, accountedTo: FROM + 60_000 }],
    ['with other numbers', { next: 2, accountedTo: FROM }],
  ])('ignores a journal %s', (_, end) => {
    expect(entriesAfter(journal, end)).toEqual([]);
  });

  it('ends before a hole', () => {
    expect(entriesAfter([journal[0]!, journal[2]!], { next: 1, accountedTo: FROM })).toEqual([
      journal[0],
    ]);
  });
});

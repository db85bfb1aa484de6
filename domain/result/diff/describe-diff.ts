import type { DiffRow, DiffSkip } from './diff-frames.js';

/**
 * Describes what differs in a frame; empty if nothing does.
 * @example 'car → truck; vanished: 2 person; appeared: dog'
 */
export function describeDiff(row: DiffRow): string {
  if (row.type === 'skipped') return `not compared; ${describeSkip(row)}`;
  const names = {
    changed: row.changed.map(({ a, b }) => `${a.class} → ${b.class}`),
    vanished: row.vanished.map((object) => object.class),
    appeared: row.appeared.map((object) => object.class),
  };
  return [
    countNames(names.changed),
    names.vanished.length > 0 && `vanished: ${countNames(names.vanished)}`,
    names.appeared.length > 0 && `appeared: ${countNames(names.appeared)}`,
  ]
    .filter(Boolean)
    .join('; ');
}

/** @example 'A: the frame is damaged' */
export function describeSkip({ reason_a, reason_b }: DiffSkip): string {
  const reasons = [reason_a !== null && `A: ${reason_a}`, reason_b !== null && `B: ${reason_b}`];
  return reasons.filter(Boolean).join('; ');
}

/** @example countNames(['car', 'dog', 'car']) // '2 car, dog' */
function countNames(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count > 1 ? `${count} ${name}` : name)).join(', ');
}

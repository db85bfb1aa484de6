import type { NalCodec } from '../../domain/stream/access-unit.js';
import { NAL_FORMATS } from './nal.js';

/** Limit of the parameter sets of one type; they have less than a hundred bytes. */
const SETS_MAX_BYTES = 16 * 1024;

/**
 * Keeps the latest parameter sets, and returns a function that puts those which a key unit lacks in
 * front of it, in the order that decoders need, after an access unit delimiter.
 */
export function createParameterSets(
  codec: NalCodec,
  initial: readonly Buffer[],
): (nals: readonly Buffer[], isKey: boolean) => readonly Buffer[] {
  const { parameterSets, typeOf, delimiter } = NAL_FORMATS[codec];
  const latest = new Map<number, readonly Buffer[]>();
  const remember = (nals: readonly Buffer[]) => {
    for (const type of parameterSets) {
      const sets = nals.filter((nal) => typeOf(nal) === type);
      if (sets.length > 0 && sizeOf(sets) <= SETS_MAX_BYTES) latest.set(type, sets);
    }
  };
  remember(initial);
  return (nals, isKey) => {
    const own = new Set(nals.map(typeOf));
    if (parameterSets.some((type) => own.has(type))) remember(nals);
    const isComplete = parameterSets.every((type) => own.has(type));
    if (!isKey || isComplete) return nals;
    const sets = parameterSets.flatMap((type) => latest.get(type) ?? []);
    const rest = nals.filter((nal) => !parameterSets.includes(typeOf(nal)));
    const start = rest.findIndex((nal) => typeOf(nal) !== delimiter);
    return [...rest.slice(0, start), ...sets, ...rest.slice(start)];
  };
}

function sizeOf(nals: readonly Buffer[]): number {
  return nals.reduce((sum, { length }) => sum + length, 0);
}

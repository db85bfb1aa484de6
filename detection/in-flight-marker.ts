import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorFacts } from '../domain/errors.js';
import type { LaneJob } from '../domain/ports/lanes.js';

/**
 * A lane writes down which frames the network is given, so that whoever finds the lane dead knows
 * at which it died: a message might not have left the process.
 */
export interface InFlightMarker {
  begin(frames: readonly number[]): void;
  end(): void;
  close(): void;
}

/** What the network was at work on: one frame, or so many. */
export type InFlight = { readonly frame: number } | { readonly frames: number };

const FILE = 'inferring';
const WIDTH = 16;
const NONE = ''.padEnd(WIDTH);
/** Stands before a number of frames, where there are several. */
const SEVERAL = 'x';

/** @param folder the attempt's own. */
export function openMarker(folder: string): InFlightMarker {
  const file = openSync(join(folder, FILE), 'w');
  const write = (text: string) => void writeSync(file, text.padEnd(WIDTH), 0);
  return {
    begin: (frames) => write(frames.length === 1 ? `${frames[0]}` : `${SEVERAL}${frames.length}`),
    end: () => write(NONE),
    close: () => closeSync(file),
  };
}

/** What was being inferred; undefined when nothing was. */
export function readInFlight(folder: string): InFlight | undefined {
  try {
    const text = readFileSync(join(folder, FILE), 'utf8').trim();
    if (text === '') return undefined;
    return text.startsWith(SEVERAL) ? { frames: Number(text.slice(1)) } : { frame: Number(text) };
  } catch {
    return undefined;
  }
}

/** What the network was at work on when the lane of this job was lost, as facts of its error. */
export function inFlightFacts({ source }: LaneJob): ErrorFacts {
  return { ...readInFlight(source.folder) };
}

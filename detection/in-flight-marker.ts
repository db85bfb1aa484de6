import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorFacts } from '../domain/errors.js';
import type { ImagesJob, LaneJob } from '../domain/ports/lanes.js';

/**
 * Marker of the frames in flight. A lane writes it to a file before each inference, because a message
 * might not leave a process that crashes.
 */
export interface InFlightMarker {
  begin(frames: readonly number[]): void;
  end(): void;
  close(): void;
}

/** Frames in flight: the id of a single frame, or the number of frames of a batch. */
export type InFlight = { readonly frame: number } | { readonly frames: number };

const FILE = 'inferring';
const WIDTH = 16;
const NONE = ''.padEnd(WIDTH);
/** Prefix of the number of frames of a batch. */
const BATCH = 'x';

/** @param folder folder of the attempt. */
export function openMarker(folder: string): InFlightMarker {
  const file = openSync(join(folder, FILE), 'w');
  const write = (text: string) => void writeSync(file, text.padEnd(WIDTH), 0);
  return {
    begin: (frames) => write(frames.length === 1 ? `${frames[0]}` : `${BATCH}${frames.length}`),
    end: () => write(NONE),
    close: () => closeSync(file),
  };
}

/** Reads the frames that were in flight; undefined if there were none. */
export function readInFlight(folder: string): InFlight | undefined {
  try {
    const text = readFileSync(join(folder, FILE), 'utf8').trim();
    if (text === '') return undefined;
    return text.startsWith(BATCH) ? { frames: Number(text.slice(1)) } : { frame: Number(text) };
  } catch {
    return undefined;
  }
}

/** Returns the frames in flight when the lane of this job was lost, as facts of its error. */
export function inFlightFacts(job: LaneJob | ImagesJob): ErrorFacts {
  return { ...readInFlight('images' in job ? job.folder : job.source.folder) };
}

import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorFacts } from '../domain/errors.js';
import type { LaneJob } from '../domain/ports.js';

/**
 * A lane writes down which frame the network is given, so that whoever finds the lane dead knows
 * at which frame it died: a message might not have left the process.
 */
export interface InferringMarker {
  begin(frame: number): void;
  end(): void;
  close(): void;
}

const FILE = 'inferring';
const WIDTH = 16;
const NONE = ''.padEnd(WIDTH);

/** @param folder the attempt's own. */
export function openMarker(folder: string): InferringMarker {
  const file = openSync(join(folder, FILE), 'w');
  const write = (text: string) => void writeSync(file, text.padEnd(WIDTH), 0);
  return {
    begin: (frame) => write(String(frame)),
    end: () => write(NONE),
    close: () => closeSync(file),
  };
}

/** The frame that was being inferred; undefined when none was. */
export function inferringIn(folder: string): number | undefined {
  try {
    const text = readFileSync(join(folder, FILE), 'utf8').trim();
    return text === '' ? undefined : Number(text);
  } catch {
    return undefined;
  }
}

/** The frame that the network was at work on when the lane of this job was lost, if it was on one. */
export function lostFrame({ source }: LaneJob): ErrorFacts {
  const frame = inferringIn(source.folder);
  return frame === undefined ? {} : { frame };
}

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PTS_FILE } from './filters.js';

/** What ffmpeg left behind of the frames that it decoded. */
export interface Written {
  /** Of each frame that passed the filters, in units of the time base. */
  readonly pts: readonly number[];
  /** Frames that are whole in the raw file. */
  readonly whole: number;
}

/** Reads what a run of ffmpeg in `folder` wrote. @param frameBytes bytes of one raw frame. */
export async function readWritten(
  folder: string,
  rawPath: string,
  frameBytes: number,
): Promise<Written> {
  const raw = await stat(rawPath).catch(() => undefined);
  const pts = await readPts(join(folder, PTS_FILE));
  return { pts, whole: Math.floor((raw?.size ?? 0) / frameBytes) };
}

/** Reads the PTS of the frames that passed the filters, in units of the time base. */
export async function readPts(path: string): Promise<number[]> {
  const pts: number[] = [];
  if (!(await stat(path).catch(() => undefined))) return pts;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const value = /\bpts:(-?\d+|nan|NOPTS)/i.exec(line)?.[1];
    if (value) pts.push(Number(value));
  }
  return pts;
}

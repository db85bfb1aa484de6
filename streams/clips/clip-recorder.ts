import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { MediaTool } from '../../adapters/ffmpeg/command.js';
import { encodeClip } from '../../adapters/mp4/encode-clip.js';
import { finishClip } from '../../adapters/mp4/finish-clip.js';
import { AppError } from '../../domain/errors.js';
import type { UnitSource } from '../units.js';
import { type Recording, startRecording } from './clip-recording.js';
import { findSpools, type FoundSpool } from './clip-spool.js';

/** A finished clip on this host. */
export interface Clip {
  readonly path: string;
  readonly bytes: number;
  /** Times of the first and the last frame, in ms since 1970. */
  readonly from: number;
  readonly to: number;
}

/** Records the clips of the events of one scenario. */
export interface ClipRecorder {
  /** Starts to record an event from a time on, in ms since 1970. */
  start(eventId: string, fromMs: number): void;
  /**
   * Waits until the clip of an event is recorded up to a time, in ms since 1970, and finishes it. A
   * recording that an earlier process of this host left is finished as it is.
   * @throws AppError `SCRATCH_LOST` if this host has no recording, and `BAD_VIDEO` if it is empty.
   */
  finish(eventId: string, toMs: number): Promise<Clip>;
  /** Removes the files of an event. */
  remove(eventId: string): Promise<void>;
  /** Removes the files of all events but some, which an earlier process left. */
  keepOnly(eventIds: readonly string[]): Promise<void>;
  /** Ends all recordings; those that are not finished then stay for the next process. */
  close(): Promise<void>;
}

export interface ClipRecorderOptions {
  readonly units: UnitSource;
  /** Folder for the files of this scenario. */
  readonly folder: string;
  readonly ffmpeg: MediaTool;
  /** Maximum pixels of a frame. */
  readonly maxPixels: number;
}

/** Limit of encoding a clip of JPEGs, which has ten minutes of video at most. */
const ENCODE_MS = 3_600_000;

export function createClipRecorder(options: ClipRecorderOptions): ClipRecorder {
  const { units, folder } = options;
  const recordings = new Map<string, Recording>();
  const findSpool = async (eventId: string): Promise<FoundSpool> => {
    const spools = await findSpools(folder);
    const spool = spools.find((found) => found.eventId === eventId);
    if (spool) return spool;
    const message = 'The recording was lost with the worker that made it.';
    throw new AppError('SCRATCH_LOST', message, { event_id: eventId });
  };
  return {
    start(eventId, fromMs) {
      if (recordings.has(eventId)) return;
      recordings.set(eventId, startRecording({ eventId, units, folder, fromMs }));
    },
    async finish(eventId, toMs) {
      await recordings.get(eventId)?.finish(toMs);
      recordings.delete(eventId);
      const spool = await findSpool(eventId);
      const output = join(folder, `${eventId}.mp4`);
      const lengthMs = Math.max(0, toMs - spool.from);
      const lastMs = await finishSpool(options, spool, { output, lengthMs });
      const { size: bytes } = await stat(output);
      return { path: output, bytes, from: spool.from, to: spool.from + lastMs };
    },
    async remove(eventId) {
      const spools = await findSpools(folder);
      const paths = spools.filter((spool) => spool.eventId === eventId).map(({ path }) => path);
      for (const path of [...paths, join(folder, `${eventId}.mp4`)])
        await rm(path, { force: true });
    },
    async keepOnly(eventIds) {
      const names = await readdir(folder).catch(() => []); // no clip was recorded
      const removed = names.filter((name) => !eventIds.includes(name.split('.', 1)[0]!));
      await Promise.all(removed.map((name) => rm(join(folder, name), { force: true })));
    },
    async close() {
      await Promise.all([...recordings.values()].map((recording) => recording.abandon()));
    },
  };
}

function finishSpool(
  { ffmpeg, maxPixels }: ClipRecorderOptions,
  { path: source, codec }: FoundSpool,
  clip: { readonly output: string; readonly lengthMs: number },
): Promise<number> {
  const signal = AbortSignal.timeout(ENCODE_MS);
  return codec === 'mjpeg'
    ? encodeClip({ ffmpeg, maxPixels, source, ...clip, signal })
    : finishClip({ source, ...clip });
}

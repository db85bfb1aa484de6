import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../domain/errors.js';
import type { AccessUnit } from '../../domain/stream/access-unit.js';
import type { UnitSource } from '../units.js';
import { type ClipSpool, openClipSpool } from './clip-spool.js';

export interface RecordingOptions {
  readonly eventId: string;
  readonly units: UnitSource;
  /** Folder of the spools. */
  readonly folder: string;
  /** Start, in ms since 1970; the clip starts at the keyframe before. */
  readonly fromMs: number;
  /** Maximum length and size; a recording ends there. */
  readonly maxMs?: number;
  readonly maxBytes?: number;
  /** Time to wait for units that are late, in ms. */
  readonly graceMs?: number;
}

/** The units of an event while they are written to a spool. */
export interface Recording {
  /**
   * Waits until the units up to a time, in ms since 1970, are stored, and ends the recording. It ends
   * before that if units stop arriving, if the codec changes, or at its limits.
   * @throws AppError `BAD_VIDEO` if no unit arrived, and the error of a disk that is full or slow.
   */
  finish(toMs: number): Promise<RecordedSpool>;
  /** Ends the recording at once; its spool stays. */
  abandon(): Promise<void>;
}

/** A spool that is complete. */
export interface RecordedSpool {
  readonly path: string;
  /** Times of the first and the last unit, in ms since 1970. */
  readonly from: number;
  readonly last: number;
}

/** Maximum length of a clip: ten minutes. */
const CLIP_MS_MAX = 600_000;
const CLIP_BYTES_MAX = 1024 ** 3;
const GRACE_MS = 5000;
/** Maximum size of units that wait to be written: more than is kept from before an event. */
const PENDING_BYTES_MAX = 128 * 1024 ** 2;

/** Starts to record an event. */
export function startRecording(options: RecordingOptions): Recording {
  const {
    eventId,
    units,
    folder,
    fromMs,
    maxMs = CLIP_MS_MAX,
    maxBytes = CLIP_BYTES_MAX,
  } = options;
  const ending = new AbortController();
  let spool: ClipSpool | undefined;
  let first: AccessUnit | undefined;
  let [last, bytes, pendingBytes, goal] = [-Infinity, 0, 0, Infinity];
  let failure: Error | undefined;
  let written = Promise.resolve();

  const open = async (unit: AccessUnit) => {
    const size = units.size();
    if (!unit.key || !size) return undefined;
    first = unit;
    return openClipSpool(folder, { eventId, from: unit.arrival, codec: unit.codec }, size);
  };
  const store = async (unit: AccessUnit) => {
    pendingBytes -= unit.data.length;
    if (ending.signal.aborted) return;
    spool ??= await open(unit);
    if (!spool || !first) return;
    if (unit.codec !== first.codec) return ending.abort();
    last = await spool.add(unit);
    bytes += unit.data.length;
    const isFull = last - first.arrival >= maxMs || bytes >= maxBytes;
    if (isFull || last >= goal) ending.abort();
  };
  const fail = (error: unknown) => {
    failure ??= error instanceof Error ? error : new Error(String(error));
    ending.abort();
  };
  const stop = units.follow(fromMs, (unit) => {
    pendingBytes += unit.data.length;
    if (pendingBytes > PENDING_BYTES_MAX) fail(tooSlow());
    else written = written.then(() => store(unit)).catch(fail);
  });
  const end = async () => {
    stop();
    await written;
    ending.abort();
    await spool?.close().catch(fail);
  };
  ending.signal.addEventListener('abort', () => stop());
  return {
    async finish(toMs) {
      goal = toMs;
      const waitMs = Math.max(0, toMs - Date.now()) + (options.graceMs ?? GRACE_MS);
      if (last < goal) await sleep(waitMs, undefined, { signal: ending.signal }).catch(() => null);
      await end();
      if (failure) throw failure;
      if (!spool || !first) throw new AppError('BAD_VIDEO', 'No video arrived for the clip.');
      return { path: spool.path, from: first.arrival, last };
    },
    abandon: end,
  };
}

function tooSlow(): AppError {
  return new AppError(
    'SCRATCH_FULL',
    `The disk is too slow: ${PENDING_BYTES_MAX} bytes of a clip wait to be written. ` +
      'Move the scratch folder to a faster disk (VIDETTE_SCRATCH_DIR).',
  );
}

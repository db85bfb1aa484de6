import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { FRAME_STORAGE, STILL_THRESHOLD } from '../../domain/job/job-input.js';
import type { FrameRow } from '../../domain/result/result.js';
import { publishSpotModel } from '../support/publish-models.js';
import { startStack } from '../support/stack.js';

const ALL = 300;
const EVERY = 3;
const FRAMES = ALL / EVERY;
const BATCH = 4;
const MODEL = 'spots';
const FIXED = 'yolox_nano';
const RUNS_FOR_MS = 300_000;

const JOBS = FRAME_STORAGE.flatMap((frames) => [
  { event_id: `moving-${frames}`, model: MODEL, frames },
  { event_id: `still-${frames}`, model: MODEL, frames, still: STILL_THRESHOLD },
]).concat({ event_id: FIXED, model: FIXED, frames: 'none' });

/** A light that moves right for 40 frames, rests for 20 and starts again further down. */
async function makeVideo(path: string): Promise<void> {
  const left = '2*min(mod(N,60),40)+8';
  const top = '20*floor(N/60)+8';
  const light = `255*between(X,${left},${left}+15)*between(Y,${top},${top}+15)`;
  const source = `nullsrc=s=128x128:r=25,geq=lum='${light}':cb=128:cr=128`;
  const output = ['-frames:v', String(ALL), '-pix_fmt', 'yuv420p', '-c:v', 'libx264', path];
  await execa('ffmpeg', ['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', source, ...output]);
}

interface Found {
  readonly rows: readonly (readonly [eventId: string, rows: readonly FrameRow[]])[];
  /** Models whose batch size a worker reports as reduced, once per report. */
  readonly warned: readonly unknown[];
}

/** Runs every job on separate servers and workers. */
async function runWith(batch: number): Promise<Found> {
  const stack = await startStack({ VIDETTE_BATCH: String(batch) });
  try {
    const video = join(stack.folder, 'light.mp4');
    await makeVideo(video);
    await stack.putVideo('light', video);
    await publishSpotModel(stack, MODEL);
    const rows = [];
    for (const job of JOBS) {
      const outcome = await stack.run({ video_id: 'light', every: EVERY, ...job });
      expect(outcome).toMatchObject({ status: 'ready', frames: FRAMES, skipped: 0 });
      rows.push([job.event_id, (await stack.result(job.event_id)).frames] as const);
    }
    const log = await stack.workers.log('detect_worker');
    const warnings = log.filter(
      ({ msg }) => msg === 'fewer frames in one inference than asked for',
    );
    return { rows, warned: warnings.map(({ model }) => model) };
  } finally {
    await stack.close();
  }
}

it(
  'returns the same rows with and without batches, for each frame storage',
  async () => {
    const single = await runWith(1);
    const batched = await runWith(BATCH);
    expect(batched.rows).toEqual(single.rows);
    expect(single.warned).toEqual([]);
    expect(batched.warned).toEqual([expect.stringMatching(`^${FIXED}@`)]);
    // The model with a batch of 1 finds nothing in a light.
    for (const [eventId, rows] of batched.rows.filter(([id]) => id !== FIXED)) {
      const still = rows.filter(({ same_as }) => same_as !== undefined);
      const places = new Set(rows.map(({ objects }) => JSON.stringify(objects)));
      expect([eventId, places.size > FRAMES / 2]).toEqual([eventId, true]);
      expect([eventId, still.length > 0]).toEqual([eventId, eventId.startsWith('still')]);
    }
  },
  RUNS_FOR_MS,
);

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FRAME_STORAGE } from '../../domain/job/job-input.js';
import type { DetectionResult } from '../../domain/result/result.js';
import { renderSample } from '../../sample/render.js';
import type { JobHandle } from '../support/jobs.js';
import { repeatVideo } from '../support/repeat-video.js';
import { startSecondMachine } from '../support/second-machine.js';
import { startStack, type TestStack } from '../support/stack.js';
import { type TestWorkers, WORKER_NAMES } from '../support/workers.js';

/** The sample, twice: enough ranges for every worker. */
const REPEATS = 2;
const FRAMES = 500 * REPEATS;
const RUNS_FOR_MS = 170_000;

let stack: TestStack;
let second: TestWorkers | undefined;
beforeAll(async () => {
  stack = await startStack();
  const path = join(stack.folder, 'sample.mp4');
  await renderSample({ path, ffmpegPath: stack.settings['VIDETTE_FFMPEG']! });
  const long = join(stack.folder, 'long.mp4');
  await repeatVideo(path, REPEATS, long);
  await stack.putVideo('long', long);
});
afterAll(async () => {
  await second?.stop();
  await stack?.close();
});

async function run(event_id: string, frames: (typeof FRAME_STORAGE)[number]) {
  const handle = await stack.start({ video_id: 'long', event_id, every: 1, frames });
  const outcome = await handle.result();
  expect(outcome).toMatchObject({ status: 'ready', frames: FRAMES, skipped: 0 });
  return { handle, rows: rowsOf(await stack.result(event_id)) };
}

const rowsOf = ({ frames }: DetectionResult) => frames;

/** Returns the process ids of the workers that ran activities of a job. */
async function workersOf(handle: JobHandle): Promise<Set<number>> {
  const { events } = await handle.fetchHistory();
  const started = (events ?? []).flatMap(
    ({ activityTaskStartedEventAttributes: started }) => started?.identity ?? [],
  );
  return new Set(started.map((identity) => Number.parseInt(identity, 10)));
}

describe('two video workers and two detect workers', () => {
  const alone = new Map<string, DetectionResult['frames']>();
  beforeAll(async () => {
    for (const frames of FRAME_STORAGE) {
      alone.set(frames, (await run(`alone-${frames}`, frames)).rows);
    }
    second = await startSecondMachine(stack);
  });

  it.each(FRAME_STORAGE)(
    'share a video and return the result of one worker of each kind (frames: %s)',
    async (frames) => {
      const { handle, rows } = await run(`shared-${frames}`, frames);
      expect(rows).toEqual(alone.get(frames));
      const took = await workersOf(handle);
      const machines = [stack.workers, second!];
      const names = frames === 'none' ? (['detect_worker'] as const) : WORKER_NAMES;
      const pids = machines.flatMap((machine) => names.map((name) => machine.pid(name)));
      for (const pid of pids) expect(took).toContain(pid);
    },
    RUNS_FOR_MS,
  );
});

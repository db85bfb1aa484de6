import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { type ChaosHarness, CLIP_FRAMES } from './harness.js';
import { expectNothingLeft, expectResult } from './check.js';
import { endOf } from './disturb.js';
import { FaultNotInjected } from './fault-not-injected.js';
import { type ModelFailure, publishFailingModel } from './create-failing-model.js';
import type { Trial } from './rounds.js';
import { lanesIn, trySignal } from './signals.js';

/** Time after which a lane counts as hung on a frame. */
const AT_WORK_MS = 500;

/** Model that fails on the white frames, and the reason with which they must be skipped. */
export interface FailingModel {
  readonly failure: ModelFailure;
  readonly reason: RegExp;
  /** Whether lanes that process a white frame are crashed. */
  readonly crashes?: boolean;
}

/** Expects only the white frames to be skipped; resolves with the job's seconds. */
export async function runFailingModel(
  harness: ChaosHarness,
  trial: Trial,
  { failure, reason, crashes = false }: FailingModel,
): Promise<number> {
  const { stack, white } = harness;
  const all = await harness.undisturbed(trial.frames);
  const model = await publishFailingModel(stack, failure);
  const since = performance.now();
  const ended = endOf(await stack.start({ ...harness.request(trial), model }));
  if (crashes) await crashUntil(ended, harness);
  const { outcome, at } = await ended;
  const rows = all.filter(({ frame }) => !white.includes(frame));
  const counts = { frames: rows.length, skipped: white.length };
  expect(rows.length + white.length).toBe(CLIP_FRAMES);
  expect(outcome).toMatchObject({ status: 'ready', ...counts });
  await expectResult(stack, trial.eventId, { rows, skipped: { frames: white, reason } });
  await expectNothingLeft(harness);
  return (at - since) / 1000;
}

/** Expects a job without tolerance for failed frames to fail; resolves with its seconds. */
export async function tooMany(harness: ChaosHarness, trial: Trial): Promise<number> {
  const { stack } = harness;
  const failure = trial.random.pick(['throws', 'nan', 'hangs'] as const);
  const model = await publishFailingModel(stack, failure);
  const since = performance.now();
  const handle = await stack.start({ ...harness.request(trial), model, max_failed: 0 });
  const message = expect.stringMatching(
    /^The model failed on \d of 1024 .*the limit is 0\./,
  ) as string;
  await expect(handle.result()).rejects.toMatchObject({
    cause: { type: 'FRAMES_FAILED', message },
  });
  const seconds = (performance.now() - since) / 1000;
  const event = await stack.documents.findEvent(trial.eventId);
  expect(event).toMatchObject({ status: 'failed', error: message });
  await expectNothingLeft(harness);
  return seconds;
}

/**
 * Crashes lanes that process white frames until the work is done.
 * @throws FaultNotInjected if a frame did not crash its lane twice: the lane timed out first.
 */
async function crashUntil(work: Promise<unknown>, harness: ChaosHarness): Promise<void> {
  let isDone = false;
  const done = work.finally(() => (isDone = true));
  const before = new Map<number, number>();
  const crashes = new Map(harness.white.map((frame) => [frame, 0]));
  while (!isDone) {
    for (const pid of await lanesIn(harness).catch(() => [])) {
      const frame = await frameAtWork(pid, harness.white);
      if (frame !== undefined && before.get(pid) === frame && trySignal(pid, 'SIGSEGV')) {
        crashes.set(frame, crashes.get(frame)! + 1);
      }
      before.set(pid, frame ?? NaN);
    }
    await Promise.race([done, sleep(AT_WORK_MS)]);
  }
  const missed = [...crashes].filter(([, count]) => count < 2).map(([frame]) => frame);
  if (missed.length > 0) {
    throw new FaultNotInjected(`lanes timed out on frames ${missed.join(', ')} before a crash`);
  }
}

/** Returns the white frame that a lane's in-flight marker names. */
async function frameAtWork(pid: number, white: readonly number[]): Promise<number | undefined> {
  try {
    const files = `/proc/${pid}/fd`;
    const paths = await Promise.all((await readdir(files)).map((fd) => readlink(`${files}/${fd}`)));
    const markers = paths.filter((path) => path.endsWith('/inferring'));
    const texts = await Promise.all(markers.map((path) => readFile(path, 'utf8')));
    return white.find((frame) => texts.some((text) => text.trim() === String(frame)));
  } catch {
    return undefined; // the lane has closed a file or exited since
  }
}

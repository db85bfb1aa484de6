import { expect } from 'vitest';
import type { FrameRow } from '../../domain/result/result.js';
import { ffmpegsOn, processesOf, scratchLeftovers } from '../support/processes.js';
import type { TestStack } from '../support/stack.js';
import { WORKER_NAMES } from '../support/workers.js';
import type { ChaosHarness } from './harness.js';
import { brokenObjects } from './broken-objects.js';

/** Time for sweeping, and for processes to exit after a signal. */
const soon = { timeout: 30_000 };

export interface ExpectedResult {
  readonly rows: readonly FrameRow[];
  /** Frames that must be skipped, and the reason that each must have. */
  readonly skipped?: { readonly frames: readonly number[]; readonly reason: RegExp };
}

/** Expects a job's result, predictions and event to contain these rows, every frame once. */
export async function expectResult(
  stack: TestStack,
  eventId: string,
  { rows, skipped = { frames: [], reason: /never/ } }: ExpectedResult,
): Promise<void> {
  const result = await stack.result(eventId);
  const frames = rows.map(({ frame }) => frame);
  expect(result.frames.map(({ frame }) => frame)).toEqual(frames);
  expect(result.frames).toEqual(rows);
  expect(result.skipped).toEqual(
    skipped.frames.map((frame) => ({
      frame,
      reason: expect.stringMatching(skipped.reason) as string,
    })),
  );
  const documents = await stack.predictions(eventId);
  expect(documents.map(({ frame_id }) => frame_id)).toEqual(frames);
  const counts = { frames_done: rows.length, skipped: skipped.frames.length };
  const event = await stack.documents.findEvent(eventId);
  expect(event).toMatchObject({ status: 'ready', error: null, ...counts });
  expect(await brokenObjects(stack.objects, eventId)).toEqual([]);
}

/** Expects no process and no scratch file to remain, and all workers to be healthy. */
export async function expectNothingLeft({ stack, home }: Pick<ChaosHarness, 'stack' | 'home'>) {
  await stack.workers.ready();
  await expect.poll(() => ffmpegsOn(home), soon).toEqual([]);
  await expectNoScratch(home);
  await expect.poll(() => strays(stack), soon).toEqual([]);
  const health = () => Promise.all(WORKER_NAMES.map((name) => stack.workers.readyz(name)));
  await expect.poll(health, soon).toMatchObject([{ status: 200 }, { status: 200 }]);
}

/** Expects the scratch folder of the workers to contain no file of a job. */
export async function expectNoScratch(home: string): Promise<void> {
  await expect.poll(() => scratchLeftovers(home), soon).toEqual([]);
}

/** Returns workers and lanes that do not belong to a supervised worker. */
async function strays({ folder, workers }: TestStack): Promise<string[]> {
  const known = WORKER_NAMES.map((name) => workers.pid(name));
  const found = await processesOf(folder);
  return found
    .filter(({ command }) => /dist\/(workers|detection)\//.test(command))
    .filter(({ pid, parentPid }) => !known.includes(pid) && !known.includes(parentPid))
    .map(({ pid, command }) => `${pid} ${command}`);
}

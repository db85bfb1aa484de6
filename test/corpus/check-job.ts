import { expect } from 'vitest';
import type { FRAME_STORAGE } from '../../domain/job/job-input.js';
import type { ConnectedStack } from '../support/connected-stack.js';
import { accountOf, endOf } from '../support/job-ends.js';
import type { CorpusFile } from './corpus-files.js';

const ENDS_WITHIN_MS = 60_000;
export const CORPUS_JOB_MS = 2 * ENDS_WITHIN_MS;
/** One line that is a sentence. */
export const PLAIN_WORDS = /^[A-Z][^\n]*\.$/;

/** Expects that a job on the file detects all frames that ffmpeg decodes, or names the reason. */
export async function checkCorpusJob(
  stack: ConnectedStack,
  { path, ffmpegFrames }: CorpusFile,
  { id, frames }: { readonly id: string; readonly frames: (typeof FRAME_STORAGE)[number] },
): Promise<void> {
  await stack.putVideo(id, path);
  const start = performance.now();
  const end = await endOf(stack, { video_id: id, event_id: id, every: 1, frames });
  expect(performance.now() - start).toBeLessThan(ENDS_WITHIN_MS);
  if ('code' in end) {
    expect(['BAD_VIDEO', 'LIMIT_EXCEEDED']).toContain(end.code);
    expect(end.message).toMatch(PLAIN_WORDS);
    expect(end.message).not.toContain(stack.folder);
    expect(ffmpegFrames).toBe(0);
    return;
  }
  const { detected } = await accountOf(stack, id);
  expect(detected.length).toBeGreaterThanOrEqual(Math.max(1, ffmpegFrames));
}

import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { log } from '@temporalio/activity';
import { placeFrames } from '../domain/video/pack.js';
import type { Scratch } from '../domain/ports/scratch.js';
import type { EncodeRequest, VideoTools } from '../domain/ports/video-tools.js';
import type { RangeInput } from '../domain/job/activity-contracts.js';
import { withHeartbeat } from './heartbeat.js';
import type { PlanReader } from './plan-reader.js';
import { JPEG_FOLDER, JPEG_FRAMES, RAW_FRAMES, readRawIndex, writeIndex } from './range-index.js';

export interface PreprocessFramesDeps {
  readonly plans: PlanReader;
  readonly scratch: Scratch;
  readonly tools: VideoTools;
}

/** Upper bound of a JPEG's size as a share of the raw frame, to reserve scratch space. */
const JPEG_SHARE = 0.5;

/** Blurs, adjusts and encodes the raw frames of one range as JPEG on this host. */
export async function preprocessFrames(
  { plans, scratch, tools }: PreprocessFramesDeps,
  input: RangeInput,
): Promise<{ frames: number }> {
  const { plan } = await plans.range(input.plan_key, input.range);
  const files = { eventId: input.event_id, range: input.range };
  const raw = await scratch.find(files, 'raw');
  const index = await readRawIndex(raw);
  const { size } = plan.video;
  const count = index.frames.length;
  const bytes = Math.ceil(count * size.width * size.height * 1.5 * JPEG_SHARE);
  await withHeartbeat(({ signal }) =>
    scratch.attempt(bytes, async (folder) => {
      const path = join(raw, RAW_FRAMES);
      const { preprocess } = plan.parameters;
      const lengths = await encode(tools, { path, size, count, folder, preprocess, signal });
      await writeIndex(folder, { ...index, entries: placeFrames(index.frames, lengths) });
      signal.throwIfAborted();
      await scratch.keep(files, JPEG_FOLDER, folder);
    }),
  );
  // A retry after this line finds no raw frames, so the range is extracted again.
  await scratch.drop(files, 'raw');
  log.info('range preprocessed', { event: input.event_id, range: input.range, frames: count });
  return { frames: count };
}

/** Encodes frames to {@link JPEG_FRAMES}; returns the bytes of each. */
async function encode(tools: VideoTools, request: EncodeRequest): Promise<readonly number[]> {
  const target = join(request.folder, JPEG_FRAMES);
  if (request.count === 0) {
    await writeFile(target, '');
    return [];
  }
  const { path, lengths } = await tools.encode(request);
  await rename(path, target);
  return lengths;
}

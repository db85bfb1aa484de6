import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../config/index.js';
import { type JobRequest, STILL_THRESHOLD } from '../domain/job/job-input.js';
import { BUCKETS, keys } from '../domain/names.js';
import type { DetectionResult } from '../domain/result/result.js';
import { clipPath, clipFolder, repeatClip } from './clips.js';
import { compareRows } from './compare-rows.js';
import { EVERY, WARM_UP_EVERY } from './one-clip.js';
import { type OwnStack, withOwnStack } from './own-stack.js';
import { runPipeline } from './pipeline.js';
import { print } from './print.js';

/**
 * Compares a job that infers every sampled frame with jobs that skip still scenes, at several
 * thresholds.
 */

function readOptions(args: string[]) {
  return parseArgs({
    args,
    options: {
      clip: { type: 'string' },
      /** Minimum number of sampled frames; the clip is repeated. */
      frames: { type: 'string', default: '1' },
      thresholds: { type: 'string', default: `4,${STILL_THRESHOLD},16,32` },
      storage: { type: 'string', default: 'none' },
    },
  }).values;
}

async function run({ client, objects, pids }: OwnStack, request: JobRequest) {
  const { fps, event_id } = await runPipeline(client, pids, request);
  const text = await objects.get(BUCKETS.results, keys.result(event_id));
  const { frames } = JSON.parse(text.toString('utf8')) as DetectionResult; // written by Vidette
  return { fps, rows: frames };
}

const formatPercent = (part: number, whole: number) =>
  `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;

function formatLine(...cells: readonly (string | number)[]): string {
  return cells.map((cell) => String(cell).padStart(10)).join('');
}

async function measure(
  stack: OwnStack,
  request: JobRequest,
  thresholds: readonly number[],
): Promise<void> {
  await run(stack, { ...request, every: WARM_UP_EVERY });
  const full = await run(stack, request);
  const { objects } = compareRows(full.rows, full.rows);
  print(`${objects} detections without skipping; the shares refer to them`);
  print(
    formatLine('threshold', 'inferred', 'saved', 'frames/s', 'changed', 'lost', 'added', 'moved'),
  );
  print(formatLine('off', full.rows.length, '-', full.fps.toFixed(1), '-', '-', '-', '-'));
  for (const still of thresholds) {
    const { fps, rows } = await run(stack, { ...request, still });
    const { changed, lost, added, moved } = compareRows(full.rows, rows);
    const inferred = rows.filter(({ same_as }) => same_as === undefined).length;
    const saved = formatPercent(rows.length - inferred, rows.length);
    const changes = [changed, lost, added, moved].map((count) => formatPercent(count, objects));
    print(formatLine(still, inferred, saved, fps.toFixed(1), ...changes));
  }
}

/** Prints the share of inferences that each threshold saves, and of detections that it changes. */
export async function benchStillScenes(args: string[]): Promise<void> {
  const options = readOptions(args);
  const config = readConfig();
  const source = clipPath(options.clip, config);
  const clip = await repeatClip(source, clipFolder(config), EVERY, Number(options.frames));
  print(`${basename(source)}: ${clip.sampledFrames} sampled frames`);
  await withOwnStack(print, async (stack) => {
    await stack.objects.putFile(BUCKETS.videos, keys.video(clip.name), clip.path);
    const frames = options.storage as JobRequest['frames']; // the job checks it
    const thresholds = options.thresholds.split(',').map(Number);
    await measure(stack, { video_id: clip.name, every: EVERY, frames }, thresholds);
  });
}

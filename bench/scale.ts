import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Client } from '@temporalio/client';
import prettyBytes from 'pretty-bytes';
import { readConfig } from '../config/index.js';
import type { JobRequest } from '../domain/job/job-input.js';
import { BUCKETS, keys } from '../domain/names.js';
import type { JobOutcome } from '../domain/job/activity-contracts.js';
import { clipPath, clipFolder, describeVideo, repeatClip } from './clips.js';
import { WARM_UP_EVERY } from './one-clip.js';
import { type OwnStack, withOwnStack } from './own-stack.js';
import { runPipeline, startJob } from './pipeline.js';
import { type Watched, watchRun } from './watch-run.js';
import { print, silently } from './print.js';

/** Measurements of a video of one length. */
interface ScaleRun extends Watched {
  /** Length of the video: at least the requested one, because a clip is repeated as a whole. */
  readonly minutes: number;
  readonly frames: number;
  readonly fps: number;
  readonly history: { readonly runs: number; readonly events: number; readonly largest: number };
  readonly storedBytes: number;
}

/** Maximum relative difference of the longest run from the first. */
const TOLERANCE = 0.1;

function readOptions(args: string[]) {
  return parseArgs({
    args,
    options: {
      clip: { type: 'string' },
      minutes: { type: 'string', default: '1,10,60' },
      every: { type: 'string', default: '1' },
      storage: { type: 'string', default: 'none' },
      json: { type: 'string' },
    },
  }).values;
}

async function measure(stack: OwnStack, request: JobRequest, minutes: number): Promise<ScaleRun> {
  const { event_id, handle } = await startJob(stack.client, request);
  const ended = handle.result() as Promise<JobOutcome>;
  const watched = await watchRun(stack, handle, ended);
  const { frames } = await ended;
  const { history, seconds } = await readHistory(stack.client, handle.workflowId);
  const storedBytes = await countStoredBytes(stack, event_id);
  return { minutes, frames, fps: frames / seconds, ...watched, history, storedBytes };
}

/** Adds up the histories of all runs of a job, which has several if it continued as new. */
async function readHistory(client: Client, workflowId: string) {
  const lengths: number[] = [];
  let [from, to] = [Infinity, 0];
  for await (const run of client.workflow.list({ query: `WorkflowId = "${workflowId}"` })) {
    const description = await client.workflow.getHandle(workflowId, run.runId).describe();
    lengths.push(description.historyLength);
    from = Math.min(from, description.startTime.getTime());
    to = Math.max(to, description.closeTime?.getTime() ?? 0);
  }
  const events = lengths.reduce((sum, length) => sum + length, 0);
  const history = { runs: lengths.length, events, largest: Math.max(...lengths) };
  return { history, seconds: (to - from) / 1000 };
}

async function countStoredBytes({ objects }: OwnStack, eventId: string): Promise<number> {
  const locations = [
    [BUCKETS.frames, `frames/${eventId}/`],
    [BUCKETS.results, `parts/${eventId}/`],
    [BUCKETS.results, keys.result(eventId)],
  ] as const;
  let bytes = 0;
  for (const [bucket, prefix] of locations) {
    for await (const key of objects.list(bucket, prefix)) {
      bytes += (await objects.stat(bucket, key))?.size ?? 0;
    }
  }
  return bytes;
}

function report(run: ScaleRun): void {
  const { minutes, frames, fps, steadyFps, history, storedBytes, peakScratch, peakMemory } = run;
  print(`\n${minutes.toFixed(1)} minutes, ${frames} sampled frames`);
  print(`  frames/s          ${fps.toFixed(1)}, steady ${steadyFps.toFixed(1)}`);
  print(
    `  history           ${history.events} events, ${history.runs} runs, at most ${history.largest} events each`,
  );
  print(`  stored            ${(storedBytes / frames).toFixed(0)} bytes per frame`);
  print(`  peak scratch      ${prettyBytes(peakScratch)}`);
  for (const [part, bytes] of Object.entries(peakMemory)) {
    print(`  peak memory       ${prettyBytes(bytes).padStart(8)} ${part}`);
  }
}

const totalMemory = ({ peakMemory }: Watched) =>
  Object.values(peakMemory).reduce((sum, bytes) => sum + bytes, 0);

/** Compares the longest run with the first: steady speed, and memory of all parts. */
function compare(runs: readonly ScaleRun[]): void {
  const [first, last] = [runs[0]!, runs.at(-1)!];
  // A short video has no steady phase.
  const base = Number.isNaN(first.steadyFps) ? first.fps : first.steadyFps;
  const speed = last.fps / base;
  const memory = totalMemory(last) / totalMemory(first);
  print(
    `\n${last.minutes.toFixed(1)} minutes vs. ${first.minutes.toFixed(1)}: speed ${speed.toFixed(2)}, memory ${memory.toFixed(2)}`,
  );
  if (speed < 1 - TOLERANCE || memory > 1 + TOLERANCE) process.exitCode = 1;
}

/** Prints speed, memory and history of videos of growing length. The exit code is 1 if they change by more than the tolerance. */
export async function benchScale(args: string[]): Promise<void> {
  const options = readOptions(args);
  const config = readConfig();
  const source = clipPath(options.clip, config);
  const every = Number(options.every);
  const { fps } = await describeVideo(source);
  const folder = clipFolder(config);
  const runs: ScaleRun[] = [];
  for (const minutes of options.minutes.split(',').map(Number)) {
    const clip = await repeatClip(source, folder, every, Math.ceil((minutes * 60 * fps) / every));
    const length = (clip.sampledFrames * every) / fps / 60;
    // Each length has a new stack, so that memory of earlier runs is not counted.
    await withOwnStack(silently, async (stack) => {
      const video_id = `minutes-${minutes}`;
      await stack.objects.putFile(BUCKETS.videos, keys.video(video_id), clip.path);
      const frames = options.storage as JobRequest['frames']; // the job checks it
      await runPipeline(stack.client, stack.pids, { video_id, every: WARM_UP_EVERY, frames });
      runs.push(await measure(stack, { video_id, every, frames }, length));
      report(runs.at(-1)!);
    });
  }
  compare(runs);
  if (options.json) await writeFile(options.json, JSON.stringify(runs, null, 2));
}

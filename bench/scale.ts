import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Client } from '@temporalio/client';
import prettyBytes from 'pretty-bytes';
import { readConfig } from '../config/index.js';
import type { JobRequest } from '../domain/job/job-input.js';
import { BUCKETS, keys } from '../domain/names.js';
import type { JobOutcome } from '../domain/job/activity-contracts.js';
import { chosenClip, clipFolder, describeVideo, repeatClip } from './clips.js';
import { WARM_UP_EVERY } from './one-clip.js';
import { type OwnStack, withOwnStack } from './own-stack.js';
import { runPipeline, startJob } from './pipeline.js';
import { type Watched, watchRun } from './watch-run.js';
import { quietly, say } from './say.js';

/** What a video of some length costs. */
interface ScaleRun extends Watched {
  /** Of the video: a clip is repeated whole, so that it is at least what was asked for. */
  readonly minutes: number;
  readonly frames: number;
  readonly fps: number;
  readonly history: { readonly runs: number; readonly events: number; readonly largest: number };
  readonly storedBytes: number;
}

/** How far the longest run may be from the first, in both directions. */
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
  const { history, seconds } = await historyOf(stack.client, handle.workflowId);
  const storedBytes = await bytesStored(stack, event_id);
  return { minutes, frames, fps: frames / seconds, ...watched, history, storedBytes };
}

/** A job that continued as new has a history for each of its runs. */
async function historyOf(client: Client, workflowId: string) {
  const lengths: number[] = [];
  let [from, to] = [Infinity, 0];
  for await (const run of client.workflow.list({ query: `WorkflowId = "${workflowId}"` })) {
    const described = await client.workflow.getHandle(workflowId, run.runId).describe();
    lengths.push(described.historyLength);
    from = Math.min(from, described.startTime.getTime());
    to = Math.max(to, described.closeTime?.getTime() ?? 0);
  }
  const events = lengths.reduce((sum, length) => sum + length, 0);
  const history = { runs: lengths.length, events, largest: Math.max(...lengths) };
  return { history, seconds: (to - from) / 1000 };
}

async function bytesStored({ objects }: OwnStack, eventId: string): Promise<number> {
  const places = [
    [BUCKETS.frames, `frames/${eventId}/`],
    [BUCKETS.results, `parts/${eventId}/`],
    [BUCKETS.results, keys.result(eventId)],
  ] as const;
  let bytes = 0;
  for (const [bucket, prefix] of places) {
    for await (const key of objects.list(bucket, prefix)) {
      bytes += (await objects.stat(bucket, key))?.size ?? 0;
    }
  }
  return bytes;
}

function report(run: ScaleRun): void {
  const { minutes, frames, fps, steadyFps, history, storedBytes, peakScratch, peakMemory } = run;
  say(`\n${minutes.toFixed(1)} minutes, ${frames} sampled frames`);
  say(`  frames/s          ${fps.toFixed(1)}, in the middle ${steadyFps.toFixed(1)}`);
  say(
    `  history           ${history.events} events, ${history.runs} runs of ${history.largest} at most`,
  );
  say(`  stored            ${(storedBytes / frames).toFixed(0)} bytes a frame`);
  say(`  scratch at most   ${prettyBytes(peakScratch)}`);
  for (const [part, bytes] of Object.entries(peakMemory)) {
    say(`  memory at most    ${prettyBytes(bytes).padStart(8)} ${part}`);
  }
}

const total = ({ peakMemory }: Watched) =>
  Object.values(peakMemory).reduce((sum, bytes) => sum + bytes, 0);

/** Longer against shorter: speed in the middle, and memory of everything. */
function compare(runs: readonly ScaleRun[]): void {
  const [first, last] = [runs[0]!, runs.at(-1)!];
  // A video of few ranges has no middle.
  const base = Number.isNaN(first.steadyFps) ? first.fps : first.steadyFps;
  const speed = last.fps / base;
  const memory = total(last) / total(first);
  say(
    `\n${last.minutes.toFixed(1)} minutes against ${first.minutes.toFixed(1)}: speed ${speed.toFixed(2)}, memory ${memory.toFixed(2)}`,
  );
  if (speed < 1 - TOLERANCE || memory > 1 + TOLERANCE) process.exitCode = 1;
}

/** Runs videos of growing length and prints what grows with them; exit code 1 where that is too much. */
export async function benchScale(args: string[]): Promise<void> {
  const options = readOptions(args);
  const config = readConfig();
  const source = chosenClip(options.clip, config);
  const every = Number(options.every);
  const { fps } = await describeVideo(source);
  const folder = clipFolder(config);
  const runs: ScaleRun[] = [];
  for (const minutes of options.minutes.split(',').map(Number)) {
    const clip = await repeatClip(source, folder, every, Math.ceil((minutes * 60 * fps) / every));
    const length = (clip.sampledFrames * every) / fps / 60;
    // A stack of its own: what the servers of a long run have taken is not counted for the next.
    await withOwnStack(quietly, async (stack) => {
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

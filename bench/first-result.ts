import { randomUUID } from 'node:crypto';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Client } from '@temporalio/client';
import { execa } from 'execa';
import { ownEnvironment, readConfig } from '../config/index.js';
import type { JobRequest } from '../domain/job/job-input.js';
import { BUCKETS, keys } from '../domain/names.js';
import { workflowIdOf } from '../domain/workflow-ids.js';
import { projectFile } from '../platform/package-root.js';
import { chooseModel } from './choose-model.js';
import { clipFolder, clipPath } from './clips.js';
import { CLIP_OPTIONS, warmJob } from './one-clip.js';
import { type OwnStack, withOwnStack } from './own-stack.js';
import { preparePeer } from './peer.js';
import { runPipeline } from './pipeline.js';
import { print } from './print.js';
import { median } from './report.js';

const DETECT = 'detectObjects';
/** Every frame of the short clip is detected, so that there is something to wait for. */
const SHORT = { every: 1, frames: 'none' } as const;

function readOptions(args: string[]) {
  return parseArgs({
    args,
    options: {
      ...CLIP_OPTIONS,
      runs: { type: 'string', default: '5' },
    },
  }).values;
}

/** Prints how long the first results of a running stack take, beside a script that starts. */
export async function benchFirstResult(args: string[]): Promise<void> {
  const options = readOptions(args);
  const config = readConfig();
  const short = await cutClip(clipPath(options.clip, config), clipFolder(config));
  const peer = await preparePeer(config.cacheDir, print);
  const { path: model } = await chooseModel({}, config);
  const times: Record<string, number[]> = {};
  const add = (name: string, seconds: number) => void (times[name] ??= []).push(seconds);
  await withOwnStack(print, async (stack) => {
    const long = await warmJob(stack, options);
    const video_id = basename(short, '.mp4');
    await stack.objects.putFile(BUCKETS.videos, keys.video(video_id), short);
    const job: JobRequest = { video_id, ...SHORT };
    for (let i = 0; i < Number(options.runs); i++) {
      add('script, one second of video', await peer.time(short, model, SHORT.every));
      add('vidette detect, one second of video', await timeCommand(stack, short));
      add('job, one second of video', (await runPipeline(stack.client, stack.pids, job)).seconds);
      add('first range of a long video', await timeFirstRange(stack, { ...long, frames: 'none' }));
    }
  });
  for (const [name, seconds] of Object.entries(times)) {
    const [low, high] = [Math.min(...seconds), Math.max(...seconds)].map((s) => s.toFixed(2));
    print(`${name.padEnd(38)} ${median(seconds).toFixed(2)} s (${low} to ${high})`);
  }
}

/** Cuts the first second of a clip, without re-encoding. */
async function cutClip(source: string, folder: string): Promise<string> {
  const path = join(folder, `${basename(source, '.mp4')}-1s.mp4`);
  const quiet = ['-nostdin', '-v', 'error', '-y'];
  await execa('ffmpeg', [...quiet, '-i', source, '-t', '1', '-map', '0:V:0', '-c', 'copy', path]);
  return path;
}

/** Returns the seconds from the start of the command to its exit. */
async function timeCommand({ settings }: OwnStack, clip: string): Promise<number> {
  const options = ['--every', String(SHORT.every), '--frames', SHORT.frames, '--json'];
  const command = [projectFile('scripts/vidette.mjs'), 'detect', clip, ...options];
  const startedAt = performance.now();
  await execa(process.execPath, [...command, '--event-id', `bench-${randomUUID()}`], {
    env: { ...ownEnvironment(), ...settings },
  });
  return (performance.now() - startedAt) / 1000;
}

/** Returns the seconds from the start of a job to the end of the first activity that detects. */
async function timeFirstRange(stack: OwnStack, request: JobRequest): Promise<number> {
  const { event_id } = await runPipeline(stack.client, stack.pids, request);
  return readFirstRange(stack.client, event_id);
}

async function readFirstRange(client: Client, eventId: string): Promise<number> {
  const { events } = await client.workflow.getHandle(workflowIdOf(eventId)).fetchHistory();
  const detections = new Set(
    events?.flatMap(({ eventId: id, activityTaskScheduledEventAttributes: scheduled }) =>
      scheduled?.activityType?.name === DETECT ? [String(id)] : [],
    ),
  );
  const ended = events?.find(({ activityTaskCompletedEventAttributes: completed }) =>
    detections.has(String(completed?.scheduledEventId)),
  );
  return secondsOf(ended?.eventTime) - secondsOf(events?.[0]?.eventTime);
}

type HistoryTime = { readonly seconds?: unknown; readonly nanos?: number | null } | null;

function secondsOf(time: HistoryTime | undefined): number {
  return Number(time?.seconds) + (time?.nanos ?? 0) / 1e9;
}

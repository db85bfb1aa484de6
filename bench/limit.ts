import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Size } from '../domain/result/detection.js';
import type { KnownModel } from '../models/catalogue.js';
import { type Clip, describeVideo } from './clips.js';

/** Task of one process of the limit measurement. */
export interface LimitTask {
  readonly manifest: KnownModel;
  readonly modelPath: string;
  /** Size of the video in pixels. */
  readonly size: Size;
  /** Span to decode; without it, the process repeats inference on a blank frame. */
  readonly span?: {
    readonly path: string;
    readonly every: number;
    readonly fromS: number;
    readonly lengthS: number;
  };
  /** Number of inferences after which the process stops. */
  readonly maxFrames: number;
}

/** Number of frames, and start and end in ms since the epoch. */
export interface LimitTimes {
  readonly frames: number;
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface LimitRequest {
  readonly clip: Clip;
  readonly every: number;
  readonly model: { readonly manifest: KnownModel; readonly path: string };
  /** Number of processes of one thread each. */
  readonly lanes: number;
}

const LANE = fileURLToPath(new URL('./limit-lane.js', import.meta.url));

/** Measures decoding and inference alone in frames per second: the upper limit of a pipeline. */
export async function runLimit(request: LimitRequest): Promise<number> {
  const { clip, every, lanes } = request;
  const { size, seconds } = await describeVideo(clip.path);
  const lengthS = seconds / lanes;
  const spans = Array.from({ length: lanes }, (_, i) => ({ fromS: i * lengthS, lengthS }));
  return runTogether(
    spans.map((span) => ({ ...taskOf(request, size), span: { ...span, path: clip.path, every } })),
  );
}

/** Measures inference alone in frames per second, on a frame in memory. */
export async function runInference(request: LimitRequest): Promise<number> {
  const { size } = await describeVideo(request.clip.path);
  const maxFrames = Math.ceil(request.clip.sampledFrames / request.lanes);
  return runTogether(
    Array.from({ length: request.lanes }, () => ({ ...taskOf(request, size), maxFrames })),
  );
}

function taskOf({ model }: LimitRequest, size: Size): LimitTask {
  return { manifest: model.manifest, modelPath: model.path, size, maxFrames: Infinity };
}

/**
 * Runs tasks in one process each, started at the same time.
 * @returns frames per second, from the first start to the last end
 */
export async function runTogether<Task extends object>(
  tasks: readonly Task[],
  entry = LANE,
): Promise<number> {
  const lanes = tasks.map((task) => {
    const lane = fork(entry, { serialization: 'advanced' });
    lane.send(task);
    return lane;
  });
  await Promise.all(lanes.map(nextMessage));
  const times = lanes.map((lane) => nextMessage(lane) as Promise<LimitTimes>);
  for (const lane of lanes) lane.send('go');
  const results = await Promise.all(times);
  const frames = results.reduce((sum, each) => sum + each.frames, 0);
  const first = Math.min(...results.map(({ startedAt }) => startedAt));
  const last = Math.max(...results.map(({ endedAt }) => endedAt));
  return (1000 * frames) / (last - first);
}

/** Returns the next message of a measuring process. @throws Error if it exits. */
export async function nextMessage(lane: ChildProcess): Promise<unknown> {
  const stop = new AbortController();
  const exited = once(lane, 'exit', { signal: stop.signal }).then(([code]) => {
    throw new Error(`A measuring process exited with code ${code}.`);
  });
  const received = once(lane, 'message', { signal: stop.signal }).then(
    ([message]) => message as unknown,
  );
  try {
    return await Promise.race([received, exited]);
  } finally {
    stop.abort();
    for (const pending of [exited, received]) pending.catch(() => undefined);
  }
}

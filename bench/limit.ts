import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Size } from '../domain/result/detection.js';
import type { KnownModel } from '../models/catalogue.js';
import { type Clip, describeVideo } from './clips.js';

/** What a process of the limit is to do. */
export interface LimitTask {
  readonly manifest: KnownModel;
  readonly modelPath: string;
  /** Of the video. */
  readonly size: Size;
  /** What it decodes; without it, it infers on an empty frame again and again. */
  readonly span?: {
    readonly path: string;
    readonly every: number;
    readonly fromS: number;
    readonly lengthS: number;
  };
  readonly atMost: number;
}

/** Frames, and milliseconds of the system's clock. */
export interface LimitTimes {
  readonly frames: number;
  readonly began: number;
  readonly ended: number;
}

export interface LimitRequest {
  readonly clip: Clip;
  readonly every: number;
  readonly model: { readonly manifest: KnownModel; readonly path: string };
  /** Processes of one thread each. */
  readonly lanes: number;
}

const LANE = fileURLToPath(new URL('./limit-lane.js', import.meta.url));

/** Frames per second of decoding and inference alone: what a pipeline cannot pass. */
export async function runLimit(request: LimitRequest): Promise<number> {
  const { clip, every, lanes } = request;
  const { size, seconds } = await describeVideo(clip.path);
  const lengthS = seconds / lanes;
  const spans = Array.from({ length: lanes }, (_, i) => ({ fromS: i * lengthS, lengthS }));
  return together(
    spans.map((span) => ({ ...taskOf(request, size), span: { ...span, path: clip.path, every } })),
  );
}

/** Frames per second of inference alone, on a frame that is there already. */
export async function runInference(request: LimitRequest): Promise<number> {
  const { size } = await describeVideo(request.clip.path);
  const atMost = Math.ceil(request.clip.sampledFrames / request.lanes);
  return together(
    Array.from({ length: request.lanes }, () => ({ ...taskOf(request, size), atMost })),
  );
}

function taskOf({ model }: LimitRequest, size: Size): LimitTask {
  return { manifest: model.manifest, modelPath: model.path, size, atMost: Infinity };
}

/** All start at the same moment; the time is that of the first start to the last end. */
export async function together<Task extends object>(
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
  const ended = await Promise.all(times);
  const frames = ended.reduce((sum, each) => sum + each.frames, 0);
  const first = Math.min(...ended.map(({ began }) => began));
  const last = Math.max(...ended.map((each) => each.ended));
  return (1000 * frames) / (last - first);
}

async function nextMessage(lane: ChildProcess): Promise<unknown> {
  const stop = new AbortController();
  const died = once(lane, 'exit', { signal: stop.signal }).then(([code]) => {
    throw new Error(`A process of the limit ended with ${code}.`);
  });
  const told = once(lane, 'message', { signal: stop.signal }).then(
    ([message]) => message as unknown,
  );
  try {
    return await Promise.race([told, died]);
  } finally {
    stop.abort();
    for (const left of [died, told]) left.catch(() => undefined);
  }
}

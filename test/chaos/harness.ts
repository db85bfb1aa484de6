import { join } from 'node:path';
import { execa } from 'execa';
import { inject } from 'vitest';
import type { JobRequest } from '../../domain/job/job-input.js';
import type { FrameRow } from '../../domain/result/result.js';
import type { Settings } from '../../stack/index.js';
import { startStack, type TestStack } from '../support/stack.js';
import { publishFailingModel } from './create-failing-model.js';
import { createRandom } from './random.js';
import type { Trial } from './rounds.js';

/** Eight ranges of 128 frames, which take seconds. */
export const CLIP_FRAMES = 1024;
const GOP = 64;
const WHITE_FRAMES = 3;

/** Servers and workers that faults are injected into, with the expected rows of their jobs. */
export interface ChaosHarness {
  readonly stack: TestStack;
  /** Folder whose `scratch` the workers use. */
  readonly home: string;
  /** Path of the video of all jobs, followed by their default model. */
  readonly clip: string;
  readonly model: string;
  /** White frames of the clip, ascending. */
  readonly white: readonly number[];
  request(trial: Pick<Trial, 'eventId' | 'frames'>): JobRequest;
  /** Returns the rows of an undisturbed job, which runs on the first call. */
  undisturbed(frames: Trial['frames']): Promise<readonly FrameRow[]>;
}

const VIDEO = 'clip';

/**
 * @param variables Settings of the workers.
 * @param home Folder whose `scratch` the workers use; by default the folder of the stack.
 */
export async function startHarness(variables: Settings, home?: string): Promise<ChaosHarness> {
  const scratch: Settings =
    home === undefined ? {} : { VIDETTE_SCRATCH_DIR: join(home, 'scratch') };
  const stack = await startStack({ ...variables, ...scratch });
  const white = chooseFrames();
  const clip = await makeClip(stack, white);
  await stack.putVideo(VIDEO, clip);
  const model = await publishFailingModel(stack, 'harmless');
  const request: ChaosHarness['request'] = ({ eventId, frames }) => {
    return { video_id: VIDEO, event_id: eventId, frames, every: 1, model };
  };
  const undisturbed = remember(async (frames: Trial['frames']) => {
    await stack.run(request({ eventId: `undisturbed-${frames}`, frames }));
    return (await stack.result(`undisturbed-${frames}`)).frames;
  });
  return { stack, home: home ?? stack.folder, clip, model, white, request, undisturbed };
}

function remember<K, V>(work: (key: K) => Promise<V>): (key: K) => Promise<V> {
  const known = new Map<K, Promise<V>>();
  return (key) => {
    const value = known.get(key) ?? work(key);
    known.set(key, value);
    return value;
  };
}

function chooseFrames(): number[] {
  const random = createRandom(inject('chaos').seed);
  const chosen = new Set<number>();
  while (chosen.size < WHITE_FRAMES) chosen.add(Math.floor(random.between(0, CLIP_FRAMES)));
  return [...chosen].sort((a, b) => a - b);
}

/** Writes a clip with motion whose frames in `white` are completely white. */
async function makeClip({ folder }: TestStack, white: readonly number[]): Promise<string> {
  const path = join(folder, 'clip.mp4');
  const isWhite = white.map((frame) => `eq(n,${frame})`).join('+');
  const source = `testsrc2=size=640x360:rate=25,drawbox=color=white:t=fill:enable='${isWhite}'`;
  const encode = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18', '-pix_fmt', 'yuv420p'];
  const keyframes = ['-g', String(GOP), '-keyint_min', String(GOP), '-sc_threshold', '0'];
  await execa('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-y', '-f', 'lavfi', '-i', source],
    ...['-frames:v', String(CLIP_FRAMES), ...encode, ...keyframes, path],
  ]);
  return path;
}

import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { publishSpotModel } from '../support/publish-models.js';
import { startStack, type TestStack } from '../support/stack.js';

const FRAMES = 30;
/** The only frame with a light in it, on which the model hangs. */
const LIT = 17;
const MODEL = 'hanging';
const RUNS_FOR_MS = 170_000;

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack({ VIDETTE_BATCH: '4', VIDETTE_LANE_TIMEOUT_S: '5' });
  await publishSpotModel(stack, MODEL);
  const path = join(stack.folder, 'flash.mp4');
  const source = `nullsrc=s=64x64:r=25,geq=lum='if(eq(N,${LIT}),235,40)':cb=128:cr=128`;
  const output = ['-frames:v', String(FRAMES), '-pix_fmt', 'yuv420p', '-c:v', 'libx264', path];
  await execa('ffmpeg', ['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', source, ...output]);
  await stack.putVideo('flash', path);
});
afterAll(() => stack?.close());

it(
  'skips only the frame that hangs its batch',
  async () => {
    const options = { frames: 'none', every: 1, preprocess: false } as const;
    const request = { video_id: 'flash', event_id: 'flash', model: MODEL, ...options };
    const outcome = await stack.run(request);
    expect(outcome).toMatchObject({ status: 'ready', frames: FRAMES - 1, skipped: 1 });
    const { frames, skipped } = await stack.result('flash');
    expect(skipped.map(({ frame }) => frame)).toEqual([LIT]);
    expect(skipped[0]?.reason).toContain('silent');
    const others = Array.from({ length: FRAMES }, (_, frame) => frame).filter((n) => n !== LIT);
    expect(frames.map(({ frame, objects }) => [frame, objects.length])).toEqual(
      others.map((frame) => [frame, 1]),
    );
    const log = await stack.workers.log('detect_worker');
    // In a batch, alone, and again alone in the lane.
    expect(log.filter(({ msg }) => msg === 'lane lost')).toHaveLength(3);
  },
  RUNS_FOR_MS,
);

import { parseArgs } from 'node:util';
import { FRAME_STORAGE } from '../domain/job/job-input.js';
import { perFrame } from './cpu-meter.js';
import { CLIP_OPTIONS, warmJob } from './one-clip.js';
import { type OwnStack, withOwnStack } from './own-stack.js';
import { runPipeline } from './pipeline.js';
import { row } from './report.js';
import { startStepMeter } from './step-meter.js';
import { print } from './print.js';

function readOptions(args: string[]) {
  return parseArgs({
    args,
    options: {
      ...CLIP_OPTIONS,
      modes: { type: 'string', default: FRAME_STORAGE.join(',') },
    },
  }).values;
}

async function profile(
  { client, pids }: OwnStack,
  request: Parameters<typeof runPipeline>[2],
): Promise<void> {
  const meter = startStepMeter(pids);
  const { fps, frames } = await runPipeline(client, pids, request);
  const used = perFrame({}, meter.stop(), frames);
  const total = used.reduce((sum, [, ms]) => sum + ms, 0);
  print(`\nframes: ${request.frames}, ${frames} sampled frames, ${fps.toFixed(1)} frames/s`);
  print(row('CPU ms per frame', total.toFixed(2), 'share'));
  for (const [name, ms] of used) {
    print(row(`  ${name}`, ms.toFixed(2), `${((100 * ms) / total).toFixed(0)} %`));
  }
}

/** Prints the CPU time of each step, process and kind of thread, for each storage mode. */
export async function benchProfile(args: string[]): Promise<void> {
  const options = readOptions(args);
  const modes = options.modes.split(',');
  await withOwnStack(print, async (stack) => {
    const request = await warmJob(stack, options);
    for (const frames of FRAME_STORAGE.filter((mode) => modes.includes(mode))) {
      await profile(stack, { ...request, frames });
    }
  });
}

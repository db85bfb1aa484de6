import { InvalidArgumentError } from 'commander';
import { addExamples, type DefineCommand } from '../command.js';

export const defineShow: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'models show yolox_nano').action(async (spec: string) => {
    const { runShow } = await import('../models/run-one.js');
    await runShow(await createApp(), spec);
  });
};

export const defineTest: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'models test yolox_nano', 'models test best.onnx --image street.jpg')
    .option('--image <file>', 'image (default: a frame of the sample)')
    .action(async (spec: string, { image }: { readonly image?: string }) => {
      const { runTest } = await import('../models/run-one.js');
      await runTest(await createApp(), spec, image);
    });
};

export const defineRemove: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'models remove best@2')
    .option('--force', 'remove it even if it is the only model or has an alias')
    .action(async (spec: string, { force = false }: { readonly force?: boolean }) => {
      const { runRemove } = await import('../models/run-one.js');
      await runRemove(await createApp(), spec, force);
    });
};

export const defineBench: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'models bench yolox_nano --threads 2')
    .option('--threads <n>', 'threads per frame', toThreads, 1)
    .action(async (spec: string, { threads }: { readonly threads: number }) => {
      const { runBench } = await import('../models/run-one.js');
      await runBench(await createApp(), spec, threads);
    });
};

function toThreads(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 256) return value;
  throw new InvalidArgumentError('Expected an integer from 1 to 256.');
}

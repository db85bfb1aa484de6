import { InvalidArgumentError } from 'commander';
import { addExamples, type DefineCommand, withServers } from '../command.js';
import { benchModel } from '../models/bench-model.js';
import { withModel } from '../models/open-model.js';
import { removeModel } from '../models/remove-model.js';
import { selfTest, readTestImage } from '../models/self-test.js';
import { formatModel, formatTest, summaryOf } from '../models/texts.js';

export const defineShow: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'models show yolox_nano').action(async (spec: string) => {
    const { config, out } = await createApp();
    await withModel(config, spec, ({ manifest }) => {
      out.result(manifest, formatModel(manifest));
      return Promise.resolve();
    });
  });
};

export const defineTest: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'models test yolox_nano', 'models test best.onnx --image street.jpg')
    .option('--image <file>', 'image (default: a frame of the sample)')
    .action(async (spec: string, flags: { readonly image?: string }) => {
      const { config, out } = await createApp();
      const image = await readTestImage(flags.image);
      await withModel(config, spec, async ({ path, manifest }) => {
        const options = { manifest, modelPath: path, threads: 1, device: 'cpu' } as const;
        const test = await selfTest(options, image);
        const { name, version, sha256 } = manifest;
        out.result({ model: { name, version, sha256 }, ...test }, formatTest(test));
      });
    });
};

export const defineRemove: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'models remove best@2')
    .option('--force', 'remove it even if it is the only model')
    .action(async (spec: string, { force = false }: { readonly force?: boolean }) => {
      const app = await createApp();
      const removed = await withServers(app, (servers) => removeModel(servers, spec, force));
      const data = 'reason' in removed ? removed : summaryOf(removed);
      app.out.result(data, `Removed ${removed.name}@${removed.version}.`);
    });
};

export const defineBench: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'models bench yolox_nano --threads 2')
    .option('--threads <n>', 'threads per frame', toThreads, 1)
    .action(async (spec: string, { threads }: { readonly threads: number }) => {
      const { config, out } = await createApp();
      await withModel(config, spec, async (model) => {
        const bench = await benchModel(model, threads);
        const { name, version, sha256 } = model.manifest;
        const text = `${bench.median_ms} ms per frame (95th percentile ${bench.p95_ms} ms), ${bench.fps} fps with ${threads} thread${threads === 1 ? '' : 's'}, ${bench.runs} runs`;
        out.result({ model: { name, version, sha256 }, ...bench }, text);
      });
    });
};

function toThreads(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 256) return value;
  throw new InvalidArgumentError('Expected an integer from 1 to 256.');
}

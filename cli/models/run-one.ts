import type { App } from '../app.js';
import { withServers } from '../command.js';
import { formatCount } from '../format.js';
import { benchModel } from './bench-model.js';
import { withModel } from './open-model.js';
import { removeModel } from './remove-model.js';
import { readTestImage, selfTest } from './self-test.js';
import { formatModel, formatTest, summaryOf } from './texts.js';

/** Shows the manifest of a model. */
export async function runShow({ config, out }: App, spec: string): Promise<void> {
  await withModel(config, spec, ({ manifest }) => {
    out.result(manifest, formatModel(manifest));
    return Promise.resolve();
  });
}

/** Runs a model on an image file, or on a frame of the sample. */
export async function runTest(
  { config, out }: App,
  spec: string,
  file: string | undefined,
): Promise<void> {
  const image = await readTestImage(file);
  await withModel(config, spec, async ({ path, manifest }) => {
    const options = { manifest, modelPath: path, threads: 1, device: 'cpu' } as const;
    const test = await selfTest(options, image);
    const { name, version, sha256 } = manifest;
    out.result({ model: { name, version, sha256 }, ...test }, formatTest(test));
  });
}

/** Removes a version from the catalogue. */
export async function runRemove(app: App, spec: string, force: boolean): Promise<void> {
  const removed = await withServers(app, (servers) => removeModel(servers, spec, force));
  const data = 'reason' in removed ? removed : summaryOf(removed);
  app.out.result(data, `Removed ${removed.name}@${removed.version}.`);
}

/** Measures the speed of a model on this machine. */
export async function runBench({ config, out }: App, spec: string, threads: number): Promise<void> {
  await withModel(config, spec, async (model) => {
    const bench = await benchModel(model, threads);
    const { name, version, sha256 } = model.manifest;
    const text = `${bench.median_ms} ms per frame (95th percentile ${bench.p95_ms} ms), ${bench.fps} fps with ${formatCount(threads, 'thread')}, ${bench.runs} runs`;
    out.result({ model: { name, version, sha256 }, ...bench }, text);
  });
}

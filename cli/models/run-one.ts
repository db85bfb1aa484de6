import type { App } from '../app.js';
import { withServers } from '../command.js';
import { formatCount } from '../format.js';
import { testModel } from './check-model.js';
import { createModelRuns } from '../../models/add/model-runs.js';
import { type OpenModelOptions, withModel } from './open-model.js';
import { removeModel } from './remove-model.js';
import { readTestImage } from '../../sample/test-image.js';
import { formatModel, formatTest, halvedConfidences, summaryOf } from './texts.js';

const optionsOf = ({ config, signal }: App): OpenModelOptions => ({
  ...{ config, runs: createModelRuns({ limits: config, signal }) },
});

/** Shows the manifest of a model. */
export async function runShow(app: App, spec: string): Promise<void> {
  await withModel(optionsOf(app), spec, ({ manifest }) => {
    app.out.result(manifest, formatModel(manifest));
    return Promise.resolve();
  });
}

/** Runs a model on an image file, or on a frame of the sample. */
export async function runTest(app: App, spec: string, file: string | undefined): Promise<void> {
  const image = await readTestImage(file);
  const options = optionsOf(app);
  await withModel(options, spec, async (model) => {
    const test = await testModel(options.runs, model, image);
    const { name, version, sha256 } = model.manifest;
    app.out.result({ model: { name, version, sha256 }, ...test }, formatTest(test));
    const note = halvedConfidences(model.manifest);
    if (note !== undefined) app.out.note(note);
  });
}

/** Removes a version from the catalogue. */
export async function runRemove(app: App, spec: string, force: boolean): Promise<void> {
  const removed = await withServers(app, (servers) => removeModel(servers, spec, force));
  const data = 'reason' in removed ? removed : summaryOf(removed);
  app.out.result(data, `Removed ${removed.name}@${removed.version}.`);
}

/** Measures the speed of a model on this machine. */
export async function runBench(app: App, spec: string, threads: number): Promise<void> {
  const options = optionsOf(app);
  await withModel(options, spec, async (model) => {
    const bench = await options.runs.benchModel(model, threads);
    const { name, version, sha256 } = model.manifest;
    const text = `${bench.median_ms} ms per frame (95th percentile ${bench.p95_ms} ms), ${bench.fps} fps with ${formatCount(threads, 'thread')}, ${bench.runs} runs`;
    app.out.result({ model: { name, version, sha256 }, ...bench }, text);
  });
}

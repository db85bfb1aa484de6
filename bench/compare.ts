import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createModelRegistry } from '../adapters/store/model-registry.js';
import { type Config, readConfig } from '../config/index.js';
import { AppError } from '../domain/errors.js';
import { FRAME_STORAGE } from '../domain/job/job-input.js';
import { BUCKETS, keys } from '../domain/names.js';
import { manifestFor } from '../models/catalogue.js';
import { pullModel } from '../stack/model-sources/pull-model.js';
import { renderSample } from '../sample/render.js';
import { type Clip, clipFolder, repeatClip } from './clips.js';
import { type LimitRequest, runInference, runLimit } from './limit.js';
import { EVERY, WARM_UP_EVERY } from './one-clip.js';
import { type OwnStack, withOwnStack } from './own-stack.js';
import { type Peer, preparePeer } from './peer.js';
import { runPipeline } from './pipeline.js';
import { type ClipReport, createReport, formatReport } from './report.js';
import { print } from './print.js';

function readOptions(args: string[]) {
  return parseArgs({
    args,
    options: {
      clips: { type: 'string' },
      frames: { type: 'string', default: '1500' },
      runs: { type: 'string', default: '1' },
      modes: { type: 'string', default: FRAME_STORAGE.join(',') },
      /** Numbers of processes of the script. */
      peers: { type: 'string', default: '1,2' },
      model: { type: 'string' },
      json: { type: 'string' },
    },
  }).values;
}

type Options = ReturnType<typeof readOptions>;
type Model = LimitRequest['model'];

/** Returns the clips of the command line, or those of the test data and the sample. */
async function clipPaths({ clips }: Options, config: Config): Promise<string[]> {
  if (clips) return clips.split(',');
  if (config.testDataDir) {
    const folder = join(config.testDataDir, 'videos');
    const names = ['one-by-one-person-detection.mp4', 'car-detection.mp4'];
    return [...names.map((name) => join(folder, name)), await sampleClip(config)];
  }
  throw new AppError(
    'INVALID_INPUT',
    'Missing clips: set --clips a.mp4,b.mp4, or VIDETTE_TEST_DATA to a folder that contains videos/.',
  );
}

async function sampleClip(config: Config): Promise<string> {
  const path = join(clipFolder(config), 'sample.mp4');
  const existing = await stat(path).catch(() => undefined);
  if (!existing) await renderSample({ path, ffmpegPath: config.ffmpeg.ffmpegPath });
  return path;
}

async function measure(
  clip: Clip,
  options: Options,
  { peer, model, stack, lanes }: { peer: Peer; model: Model; stack: OwnStack; lanes: number },
): Promise<ClipReport> {
  const report = createReport(clip);
  const request = { video_id: clip.name, every: EVERY, model: model.manifest.name };
  const limits = { clip, every: EVERY, model, lanes };
  await stack.objects.putFile(BUCKETS.videos, keys.video(clip.name), clip.path);
  const warmUp = { ...request, every: WARM_UP_EVERY, frames: 'none' } as const;
  await runPipeline(stack.client, stack.pids, warmUp);
  for (let run = 0; run < Number(options.runs); run++) {
    for (const processes of options.peers.split(',')) {
      const peerRun = await peer.run(clip.path, model.path, Number(processes));
      (report.peer[processes] ??= []).push(peerRun);
    }
    for (const frames of FRAME_STORAGE.filter((mode) => options.modes.split(',').includes(mode))) {
      const pipelineRun = await runPipeline(stack.client, stack.pids, { ...request, frames });
      (report.pipeline[frames] ??= []).push(pipelineRun);
    }
    report.limit.push(await runLimit(limits));
    report.inference.push(await runInference(limits));
  }
  return report;
}

/**
 * Returns a known model by name, or the default one; downloads it if it is missing.
 * @throws AppError `MODEL_INVALID` if the model has no manifest.
 */
export async function chooseModel(
  { model }: { readonly model?: string | undefined },
  config: Config,
): Promise<Model> {
  const { path, model: facts } = await pullModel({ name: model, config, onStep: print });
  const manifest = manifestFor(facts.sha256);
  if (manifest) return { manifest, path };
  throw new AppError('MODEL_INVALID', `Model ${facts.name} has no manifest.`);
}

/** Compares the pipeline with a script that stores nothing, and with decoding and inference alone. */
export async function benchAgainstScript(args: string[]): Promise<void> {
  const options = readOptions(args);
  const config = readConfig();
  const folder = clipFolder(config);
  const clips: Clip[] = [];
  for (const path of await clipPaths(options, config)) {
    clips.push(await repeatClip(path, folder, EVERY, Number(options.frames)));
  }
  const peer = await preparePeer(config.cacheDir, print);
  const model = await chooseModel(options, config);
  await withOwnStack(print, async (stack) => {
    await createModelRegistry(stack.objects).publish(model.path, model.manifest);
    const reports: ClipReport[] = [];
    for (const clip of clips) {
      reports.push(await measure(clip, options, { peer, model, stack, lanes: config.lanes }));
      print(formatReport(reports.at(-1)!));
    }
    if (options.json) await writeFile(options.json, JSON.stringify(reports, null, 2));
  });
}

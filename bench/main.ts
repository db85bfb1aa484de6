import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createObjectStore } from '../adapters/store/minio-object-store.js';
import { connectClient } from '../adapters/temporal/connection.js';
import { ownEnvironment, readConfig } from '../config.js';
import { AppError } from '../domain/errors.js';
import { FRAME_STORAGE } from '../domain/job-input.js';
import { BUCKETS, keys } from '../domain/names.js';
import { pullModel } from '../stack/models/pull-model.js';
import { downStack, stackSettings, upStack } from '../stack/index.js';
import { type Clip, repeatClip } from './clips.js';
import { type Peer, preparePeer } from './peer.js';
import { runPipeline } from './pipeline.js';
import { type ClipReport, formatReport } from './report.js';

const EVERY = 5;
const WARM_UP_EVERY = 25;

type Stack = Awaited<ReturnType<typeof connectStack>>;

const { values: options } = parseArgs({
  options: {
    frames: { type: 'string', default: '1500' },
    runs: { type: 'string', default: '1' },
    modes: { type: 'string', default: FRAME_STORAGE.join(',') },
    clips: { type: 'string' },
    json: { type: 'string' },
  },
});

const say = (message: string) => console.log(message);

/** Clips given by name, else those of the test data. */
function sources(testData: string | undefined): string[] {
  if (options.clips) return options.clips.split(',');
  if (testData) {
    const names = ['one-by-one-person-detection', 'car-detection'];
    return names.map((name) => join(testData, 'videos', `${name}.mp4`));
  }
  throw new AppError(
    'INVALID_INPUT',
    'Which clips? Give --clips a.mp4,b.mp4, or set VIDETTE_TEST_DATA to a folder with videos/.',
  );
}

async function measure(clip: Clip, peer: Peer, model: string, stack: Stack): Promise<ClipReport> {
  const runs = Array.from({ length: Number(options.runs) });
  const report = {
    clip: clip.name,
    frames: clip.sampledFrames,
    peer: { 1: [], 2: [] } as Record<string, Awaited<ReturnType<Peer['run']>>[]>,
    pipeline: {} as Record<string, Awaited<ReturnType<typeof runPipeline>>[]>,
  };
  await stack.objects.putFile(BUCKETS.videos, keys.video(clip.name), clip.path);
  await warmUp(stack, clip);
  for (const _ of runs) {
    for (const processes of [1, 2]) {
      report.peer[processes]!.push(await peer.run(clip.path, model, processes));
    }
    for (const frames of FRAME_STORAGE.filter((mode) => options.modes.split(',').includes(mode))) {
      const request = { video_id: clip.name, every: EVERY, frames };
      const run = await runPipeline(stack.client, stack.pids, request);
      (report.pipeline[frames] ??= []).push(run);
    }
  }
  return report;
}

/** A stack of its own, in a folder that goes when the benchmark ends. */
async function connectStack(dataDir: string) {
  const own = readConfig({ ...ownEnvironment(), VIDETTE_DATA_DIR: dataDir });
  const status = await upStack({ config: own, onStep: say });
  const config = readConfig({ ...ownEnvironment(), ...(await stackSettings(own)) });
  const { client, connection } = await connectClient(config.temporal);
  const objects = createObjectStore(config.objectStore);
  const pids = Object.values(status).flatMap(({ pid }) => pid ?? []);
  return { client, connection, objects, pids };
}

/** The network is loaded by every lane before the clock counts. */
async function warmUp({ client, pids }: Stack, clip: Clip): Promise<void> {
  await runPipeline(client, pids, { video_id: clip.name, every: WARM_UP_EVERY, frames: 'none' });
}

async function main(): Promise<void> {
  const config = readConfig();
  const clipFolder = join(config.cacheDir, 'bench-clips');
  const paths = sources(config.testDataDir);
  const clips: Clip[] = [];
  for (const path of paths) {
    clips.push(await repeatClip(path, clipFolder, EVERY, Number(options.frames)));
  }
  const peer = await preparePeer(config.cacheDir, say);
  const { path: model } = await pullModel({ config, onStep: say });
  const dataDir = await mkdtemp(join(tmpdir(), 'vidette-bench-'));
  try {
    const stack = await connectStack(dataDir);
    const reports: ClipReport[] = [];
    for (const clip of clips) {
      reports.push(await measure(clip, peer, model, stack));
      say(formatReport(reports.at(-1)!));
    }
    if (options.json) await writeFile(options.json, JSON.stringify(reports, null, 2));
    await stack.connection.close();
  } finally {
    await downStack({ config: readConfig({ ...ownEnvironment(), VIDETTE_DATA_DIR: dataDir }) });
    await rm(dataDir, { recursive: true, force: true });
  }
}

await main();

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createModelRegistry } from '../adapters/store/model-registry.js';
import { type Config, readConfig } from '../config/index.js';
import { AppError } from '../domain/errors.js';
import { FRAME_STORAGE } from '../domain/job/job-input.js';
import { VERSION } from '../platform/version.js';
import { renderSample } from '../sample/render.js';
import { chooseModel } from './choose-model.js';
import { type Clip, clipFolder, repeatClip } from './clips.js';
import { recordHistory, refuseDrops } from './history.js';
import { startOtherLoadMeter } from './machine/other-load.js';
import { readMachine } from './machine/quiet.js';
import { type LoadPolicy, refuseLoad } from './machine/run-quietly.js';
import { measureClip, type Rounds } from './measure-clip.js';
import { EVERY } from './one-clip.js';
import { withOwnStack } from './own-stack.js';
import { preparePeer } from './peer.js';
import { print } from './print.js';
import { type ClipReport, formatReport } from './report.js';
import { prepareYoloTools } from './yolo-tools.js';

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
      /** Other tools: ultralytics, supervision. */
      tools: { type: 'string' },
      model: { type: 'string' },
      /** File to which a line is appended. */
      json: { type: 'string' },
      /** Share by which a ratio may fall below the median of earlier lines of `json`. */
      'max-drop': { type: 'string' },
    },
  }).values;
}

type Options = ReturnType<typeof readOptions>;

function toRounds({ runs, peers, modes }: Options): Rounds {
  return {
    runs: Number(runs),
    processes: peers.split(',').map(Number),
    modes: modes.split(','),
  };
}

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

async function prepareClips(options: Options, config: Config): Promise<Clip[]> {
  const clips: Clip[] = [];
  for (const path of await clipPaths(options, config)) {
    clips.push(await repeatClip(path, clipFolder(config), EVERY, Number(options.frames)));
  }
  return clips;
}

/** Compares the pipeline with a script that stores nothing, and with decoding and inference alone. */
export async function benchAgainstScript(args: string[], policy: LoadPolicy): Promise<void> {
  const options = readOptions(args);
  const config = readConfig();
  const [machine, rounds] = [readMachine(), toRounds(options)];
  const clips = await prepareClips(options, config);
  const peer = await preparePeer(config.cacheDir, print);
  const model = await chooseModel(options, config);
  const toolNames = options.tools?.split(',') ?? [];
  const tools = await prepareYoloTools(toolNames, config.cacheDir, model.manifest, print);
  const reports: ClipReport[] = [];
  await withOwnStack(print, async (stack) => {
    await createModelRegistry(stack.objects).publish(model.path, model.manifest);
    const load = startOtherLoadMeter(stack.pids, machine);
    const measures = { peer, tools, model, stack, lanes: config.lanes };
    for (const clip of clips) {
      reports.push(await measureClip(clip, rounds, measures));
      print(formatReport(reports.at(-1)!));
    }
    refuseLoad('The figures are not conclusive', load.read(), { machine, ...policy });
  });
  if (options.json) {
    const facts = { at: new Date().toISOString(), version: VERSION, machine };
    const entry = { ...facts, model: model.manifest.name, reports };
    const changes = await recordHistory(options.json, entry);
    refuseDrops(changes, Number(options['max-drop'] ?? Infinity));
  }
}

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { readConfig } from '../../config/index.js';
import { finishTracker, startTracker, trackFrame } from '../../domain/track/tracker.js';
import { print } from '../print.js';
import { preparePython } from '../python-environment.js';
import { SCENES, type SceneFrame, simulateScene } from './scenes.js';

/** Compares the tracks of Vidette with those of a Python package on the detections of simulated scenes. */

const folder = fileURLToPath(new URL('../../../bench/tracking/', import.meta.url));

const SIMULATED_FPS = 30;

/** What `evaluate.py` reports of a tracker on the scenes of one kind and rate. */
interface Quality {
  readonly scene: string;
  readonly rate: number;
  readonly tracker: string;
  readonly hota: number;
  readonly mota: number;
  readonly idf1: number;
  readonly switches: number;
  readonly tracks: number;
  readonly true_tracks: number;
  /** CPU time; null for Vidette, which is measured here. */
  readonly ms_per_frame: number | null;
}

interface Sequence {
  readonly scene: string;
  readonly rate: number;
  readonly msPerFrame: number;
  readonly frames: readonly object[];
}

function readOptions(args: string[]) {
  return parseArgs({
    args,
    options: {
      rates: { type: 'string', default: '30,6,2' },
      seconds: { type: 'string', default: '40' },
      seeds: { type: 'string', default: '1,2,3' },
      json: { type: 'boolean', default: false },
    },
  }).values;
}

/** Prints a Markdown table of HOTA, MOTA and IDF1 (TrackEval) and of the CPU time per frame. */
export async function benchTracks(args: string[]): Promise<void> {
  const options = readOptions(args);
  const bin = await preparePython(
    readConfig().cacheDir,
    'bench-tracking',
    join(folder, 'requirements.txt'),
  );
  const toNumbers = (list: string) => list.split(',').map(Number);
  const [seconds, seeds] = [Number(options.seconds), toNumbers(options.seeds)];
  followAll(30, seconds, [99]); // the compiler has seen the code before it is measured
  const sequences = toNumbers(options.rates).flatMap((rate) => followAll(rate, seconds, seeds));
  const { stdout } = await execa(join(bin, 'python'), [join(folder, 'evaluate.py')], {
    input: JSON.stringify(sequences),
  });
  // Written by evaluate.py.
  const qualities = JSON.parse(stdout) as Quality[];
  if (options.json) return print(JSON.stringify(qualities));
  print(`${seconds} s of each scene, mean of seeds ${options.seeds}.\n`);
  print('| scene | frames/s | tracker | HOTA | MOTA | IDF1 | id switches | CPU ms per frame |');
  print('| --- | --: | --- | --: | --: | --: | --: | --: |');
  for (const line of formatLines(qualities, sequences)) print(line);
}

function followAll(rate: number, seconds: number, seeds: readonly number[]): Sequence[] {
  const every = Math.round(SIMULATED_FPS / rate);
  return SCENES.flatMap((kind) =>
    seeds.map((seed) => {
      const frames = simulateScene(kind, { seed, seconds, every });
      return { scene: kind.name, rate, ...follow(frames) };
    }),
  );
}

/** Ids of Vidette's tracker, with the CPU time of this process. */
function follow(frames: readonly SceneFrame[]): Pick<Sequence, 'msPerFrame' | 'frames'> {
  const started = process.cpuUsage();
  const state = startTracker();
  const outputs = frames.map((frame) => trackFrame(state, frame));
  const all = [...outputs, finishTracker(state)].flatMap((output) => output.frames);
  const { user, system } = process.cpuUsage(started);
  const described = frames.map(({ timestamp_ms, truth, objects }, i) => ({
    timestamp_ms,
    truth: truth.map(({ id, class: name, box }) => [id, name, ...box]),
    objects: objects.map(({ class: name, conf, box }) => [name, conf, ...box]),
    ids: all[i]!.ids,
  }));
  return { msPerFrame: (user + system) / 1000 / frames.length, frames: described };
}

function formatLines(qualities: readonly Quality[], sequences: readonly Sequence[]): string[] {
  const keyOf = ({ scene, rate }: Pick<Quality, 'scene' | 'rate'>) => `${scene} | ${rate}`;
  const rowOf = (each: Quality) => `${keyOf(each)} | ${each.tracker}`;
  return [...new Set(qualities.map(rowOf))].map((key) => {
    const runs = qualities.filter((each) => rowOf(each) === key);
    const mean = (value: (run: Quality) => number) =>
      runs.reduce((sum, run) => sum + value(run), 0) / runs.length;
    const own = sequences.filter((sequence) => keyOf(sequence) === keyOf(runs[0]!));
    const ownMs = own.reduce((sum, { msPerFrame }) => sum + msPerFrame, 0) / own.length;
    const share = (value: (run: Quality) => number) => (100 * mean(value)).toFixed(1);
    const cells = [
      ...[share((run) => run.hota), share((run) => run.mota), share((run) => run.idf1)],
      ...[
        mean((run) => run.switches).toFixed(0),
        mean((run) => run.ms_per_frame ?? ownMs).toFixed(3),
      ],
    ];
    return `| ${key} | ${cells.join(' | ')} |`;
  });
}

import { benchBesideScript } from './compare.js';
import { benchLanes, benchWorkers } from './curves.js';
import { benchDecoding } from './decode.js';
import { benchPage } from './page.js';
import { benchPredict } from './predict.js';
import { benchProfile } from './profile.js';
import { benchScale } from './scale.js';
import { benchStillScenes } from './still.js';

interface Mode {
  readonly meaning: string;
  readonly run: (args: string[]) => void | Promise<void>;
}

/** What can be measured, by the flag that asks for it. */
const MODES: Readonly<Record<string, Mode>> = {
  '--beside': {
    meaning: `beside a Python script that stores nothing (without a flag):
      --clips a.mp4,b.mp4 --frames 1500 --runs 1 --modes objects,packed,none --peers 1,2
      --model yolox_nano --json FILE`,
    run: benchBesideScript,
  },
  '--profile': {
    meaning: `CPU time of each step, process and kind of thread:
      --clip a.mp4 --frames 1500 --modes objects,packed,none`,
    run: benchProfile,
  },
  '--lanes': {
    meaning: `speed over the lanes of one worker:
      --counts 1,2,4 --threads 1 --clip a.mp4 --frames 1500 --storage none --runs 3 --model NAME`,
    run: benchLanes,
  },
  '--workers': {
    meaning: `speed over workers of one lane, and what they share: as --lanes`,
    run: benchWorkers,
  },
  '--scale': {
    meaning: `what grows with the length of a video:
      --clip a.mp4 --minutes 1,10,60 --every 1 --storage none --json FILE`,
    run: benchScale,
  },
  '--still': {
    meaning: `what still scenes save and change:
      --clip a.mp4 --frames 1 --thresholds 4,8,16,32 --storage none`,
    run: benchStillScenes,
  },
  '--predict': {
    meaning: `POST /predict beside inference alone, and beside a loop that decodes and infers:
      --picture a.jpg --model NAME --lanes 1 --seconds 10 --runs 3 --connections 8 --clip a.mp4`,
    run: benchPredict,
  },
  '--page': {
    meaning: `the page of a job of very many frames, in Chromium (VIDETTE_CHROMIUM):
      --frames 100000`,
    run: benchPage,
  },
  '--decode': { meaning: 'decoding of outputs and suppression, per frame', run: benchDecoding },
};

function help(): void {
  console.log('npm run bench -- [flag] [options]');
  for (const [flag, { meaning }] of Object.entries(MODES)) console.log(`  ${flag}  ${meaning}`);
}

const args = process.argv.slice(2);
const flag = args.find((arg) => arg in MODES) ?? '--beside';
const rest = args.filter((arg) => arg !== flag);
await (rest.includes('--help') ? help() : MODES[flag]!.run(rest));

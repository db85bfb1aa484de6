import { spawn } from 'node:child_process';
import { bootstrap } from './bootstrap.mjs';
import { inProject, root, run, log } from './project.mjs';

const PARITY = {
  VIDETTE_TEST_DATA: 'the folder of reference clips and detections',
  VIDETTE_MODELS_DIR: 'the folder of yolox_nano.onnx and yolov8n.onnx',
};

/** Options of `npm test`, and the variables of vitest.config.ts that they set. */
const SELECTIONS = {
  '--all': 'VIDETTE_TEST_ALL',
  '--rest': 'VIDETTE_TEST_REST',
  '--corpus': 'VIDETTE_TEST_CORPUS',
  '--train': 'VIDETTE_TEST_TRAIN',
};

bootstrap({ dev: true });
findServers();
sayWhatIsLeftOut();
runTests(process.argv.slice(2));

function findServers() {
  log('looking for the servers that the tests run against (minutes, where they must be built)');
  try {
    run(process.execPath, [inProject('dist/stack/tools-main.js')]);
  } catch (error) {
    log(error.message);
    process.exit(1);
  }
}

function sayWhatIsLeftOut() {
  if (!process.env.VIDETTE_TEST_GPU)
    log('LEFT OUT: the tests on a GPU. They need one, and VIDETTE_TEST_GPU=1.');
  const missing = Object.keys(PARITY).filter((name) => !process.env[name]);
  if (missing.length === 0) return;
  const how = missing.map((name) => `${name} (${PARITY[name]})`).join(' and ');
  log(`LEFT OUT: the tests on reference data (parity, odd and broken files). They need ${how}.`);
}

function runTests(args) {
  const vitest = inProject('node_modules/vitest/vitest.mjs');
  const rest = args.filter((arg) => !(arg in SELECTIONS));
  const selected = args.flatMap((arg) => (arg in SELECTIONS ? [[SELECTIONS[arg], '1']] : []));
  // A file that is named runs, whether or not a plain run includes it.
  if (rest.some((arg) => !arg.startsWith('-'))) selected.push([SELECTIONS['--all'], '1']);
  const env = { ...process.env, ...Object.fromEntries(selected) };
  const command = [vitest, 'run', '--config', 'vitest.config.ts', ...rest];
  const child = spawn(process.execPath, command, { cwd: root, stdio: 'inherit', env });
  // A terminal sends SIGINT to the child as well; it ends in its own time.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : code));
}

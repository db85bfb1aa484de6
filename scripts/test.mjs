import { spawn } from 'node:child_process';
import { bootstrap } from './bootstrap.mjs';
import { inProject, root, run, log } from './project.mjs';

const PARITY = {
  VIDETTE_TEST_DATA: 'the folder of reference clips and detections',
  VIDETTE_MODELS_DIR: 'the folder of yolox_nano.onnx and yolov8n.onnx',
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
  const missing = Object.keys(PARITY).filter((name) => !process.env[name]);
  if (missing.length === 0) return;
  const how = missing.map((name) => `${name} (${PARITY[name]})`).join(' and ');
  log(`LEFT OUT: the tests on reference data (parity, odd and broken files). They need ${how}.`);
}

function runTests(args) {
  const vitest = inProject('node_modules/vitest/vitest.mjs');
  const command = [vitest, 'run', '--config', 'vitest.config.ts', ...args];
  const child = spawn(process.execPath, command, { cwd: root, stdio: 'inherit' });
  // A terminal sends SIGINT to the child as well; it ends in its own time.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : code));
}

import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { bootstrap } from './bootstrap.mjs';
import { inProject, root, run, log } from './project.mjs';

const USAGE = `npm run chaos -- [--times N] [--seed TEXT] [--cases A,B]
  Injects each fault N times (default 10) at random moments and prints which jobs survived.`;

const env = parseArguments(process.argv.slice(2));
bootstrap({ dev: true });
log('preparing the servers that faults are injected into (minutes if they must be built)');
run(process.execPath, [inProject('dist/stack/tools-main.js')]);
runChaos();

/** Returns the arguments as environment variables; exits on invalid ones. */
function parseArguments(args) {
  try {
    const text = { type: 'string' };
    const options = { times: text, seed: text, cases: text, help: { type: 'boolean' } };
    const { values } = parseArgs({ args, options });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    return {
      ...(values.times && { VIDETTE_CHAOS_TIMES: values.times }),
      ...(values.seed && { VIDETTE_CHAOS_SEED: values.seed }),
      ...(values.cases && { VIDETTE_CHAOS_CASES: values.cases }),
    };
  } catch (error) {
    log(`${error.message}\n${USAGE}`);
    process.exit(2);
  }
}

function runChaos() {
  const vitest = inProject('node_modules/vitest/vitest.mjs');
  const command = [vitest, 'run', '--config', 'test/chaos/vitest.config.ts'];
  const child = spawn(process.execPath, command, {
    ...{ cwd: root, stdio: 'inherit' },
    env: { ...process.env, ...env },
  });
  // The terminal sends SIGINT to the child as well: wait for the child to exit.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : code));
}

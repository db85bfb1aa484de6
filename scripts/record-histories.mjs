import { bootstrap } from './bootstrap.mjs';
import { inProject, run, log } from './project.mjs';

bootstrap({ dev: true });
log('recording histories of real jobs in test/fixtures/histories (minutes)');
const vitest = inProject('node_modules/vitest/vitest.mjs');
const files = process.argv.slice(2);
run(process.execPath, [vitest, 'run', '--config', 'test/record/vitest.config.ts', ...files]);

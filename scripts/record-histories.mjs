import { bootstrap } from './bootstrap.mjs';
import { inProject, run, say } from './project.mjs';

bootstrap({ dev: true });
say('recording histories of real jobs to test/fixtures/histories (minutes)');
const vitest = inProject('node_modules/vitest/vitest.mjs');
run(process.execPath, [vitest, 'run', '--config', 'test/record/vitest.config.ts']);

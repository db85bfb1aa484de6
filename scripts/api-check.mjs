import { bootstrap } from './bootstrap.mjs';
import { inProject, root, run } from './project.mjs';

// Tests a running API against its OpenAPI description, and clients that are generated from it. The first
// run installs the Python tools of test/openapi/requirements.txt from PyPI.
bootstrap({ dev: true });
const vitest = inProject('node_modules/vitest/vitest.mjs');
run(process.execPath, [vitest, 'run', '--config', 'test/openapi/vitest.config.ts'], { cwd: root });

import { bootstrap } from './bootstrap.mjs';
import { inProject, root, run } from './project.mjs';

// Builds the container images and runs them. The first run installs buildah, podman,
// runc and mmdebstrap, if VIDETTE_ALLOW_INSTALL=true allows it, and takes minutes; it needs root.
bootstrap({ dev: true });
const vitest = inProject('node_modules/vitest/vitest.mjs');
const args = [vitest, 'run', '--config', 'test/image/vitest.config.ts', ...process.argv.slice(2)];
run(process.execPath, args, { cwd: root });

import { bootstrap } from './bootstrap.mjs';
import { inProject, log, root, run } from './project.mjs';

// Builds the container images from the packages and the build of this checkout, and runs them;
// `--from-source` builds all stages instead (minutes). The first run installs buildah, podman, runc
// and mmdebstrap, if VIDETTE_ALLOW_INSTALL=true allows it; it needs root.
bootstrap({ dev: true });
const FROM_SOURCE = '--from-source';
const args = process.argv.slice(2);
if (!process.env.VIDETTE_TEST_DATA)
  log('LEFT OUT: the processes of the images. They need VIDETTE_TEST_DATA (the reference clips).');
const vitest = inProject('node_modules/vitest/vitest.mjs');
const command = [vitest, 'run', '--config', 'test/image/vitest.config.ts'];
run(process.execPath, [...command, ...args.filter((arg) => arg !== FROM_SOURCE)], {
  ...{ cwd: root, env: args.includes(FROM_SOURCE) ? { VIDETTE_TEST_IMAGE: 'source' } : {} },
});

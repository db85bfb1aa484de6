import { bootstrap } from './bootstrap.mjs';
import { inProject, root, run } from './project.mjs';

// Applies deploy/k8s to Kubernetes with nodes of kwok. The first run builds them (15 minutes);
// `--if-built` leaves the tests out instead. Other arguments are those of vitest.
bootstrap({ dev: true });
const args = process.argv.slice(2);
const ifBuilt = args.includes('--if-built');
const vitest = inProject('node_modules/vitest/vitest.mjs');
const command = [vitest, 'run', '--config', 'test/k8s/vitest.config.ts'];
run(process.execPath, [...command, ...args.filter((arg) => arg !== '--if-built')], {
  ...{ cwd: root, env: ifBuilt ? { VIDETTE_TEST_K8S_IF_BUILT: '1' } : {} },
});

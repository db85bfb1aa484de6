import { defineConfig } from 'vitest/config';
import { missingPrograms } from './programs.js';

const { forApi, forCluster } = process.env.VIDETTE_TEST_K8S_IF_BUILT
  ? await missingPrograms()
  : { forApi: [], forCluster: [] };
const include = [
  ...(forApi.length > 0 ? [] : ['test/k8s/*.check.ts']),
  ...(forApi.length + forCluster.length > 0 ? [] : ['test/k8s/cluster/*.check.ts']),
];
const missing = [...forApi, ...forCluster];
if (missing.length > 0) {
  const what = forApi.length > 0 ? 'deploy/k8s' : 'deploy/k8s on nodes';
  console.log(
    `LEFT OUT: the tests of ${what}. They need ${missing.join(', ')}, which \`npm run k8s:check\` installs or builds (15 minutes).`,
  );
}

/** Configuration of `npm run k8s:check`: each file has an API server of its own. */
export default defineConfig({
  test: {
    name: 'k8s',
    include,
    passWithNoTests: include.length === 0,
    pool: 'forks',
    // Two control planes at once would only wait for each other.
    fileParallelism: false,
    testTimeout: 180_000,
    // The first run builds the programs.
    hookTimeout: 3_600_000,
    // Checks on nodes wait for controllers most of their time.
    maxConcurrency: 12,
  },
});

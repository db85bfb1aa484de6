import { defineConfig } from 'vitest/config';
import { missingPrograms } from './programs.js';

const missing = process.env.VIDETTE_TEST_K8S_IF_BUILT ? await missingPrograms() : [];
if (missing.length > 0) {
  console.log(
    `LEFT OUT: the tests of deploy/k8s. They need ${missing.join(', ')}, which \`npm run k8s:check\` installs or builds (5 minutes).`,
  );
}

/** Configuration of `npm run k8s:check`: each file has an API server of its own. */
export default defineConfig({
  test: {
    name: 'k8s',
    include: missing.length > 0 ? [] : ['test/k8s/*.check.ts'],
    passWithNoTests: missing.length > 0,
    pool: 'forks',
    // Two control planes at once would only wait for each other.
    fileParallelism: false,
    testTimeout: 180_000,
    // The first run builds the programs.
    hookTimeout: 3_600_000,
  },
});

import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { hashOfFiles, inProject, readIfExists, root, run, log } from './project.mjs';

const STAMP = inProject('dist/.vidette-stamp');
const PAGE = 'web';
const SETTINGS = ['package.json', 'tsconfig.json', 'tsconfig.build.json'];

/** Whether sources exist; a container image holds only the build. */
export const hasSources = () => existsSync(inProject('tsconfig.build.json'));

/** Whether dist/ was built from the current sources. */
export const isBuilt = () => readIfExists(STAMP) === stamp();

/** Compiles the sources and bundles the workflows and the page into dist/. */
export function buildProject() {
  log('building (a few seconds)');
  const built = stamp();
  run(process.execPath, [
    inProject('node_modules/typescript/bin/tsc'),
    '-p',
    'tsconfig.build.json',
  ]);
  run(process.execPath, [inProject('dist/workers/build-workflow-bundle.js')]);
  run(process.execPath, [
    inProject('node_modules/vite/bin/vite.js'),
    'build',
    'web',
    '--logLevel',
    'warn',
  ]);
  writeFileSync(`${STAMP}.${process.pid}`, built);
  renameSync(`${STAMP}.${process.pid}`, STAMP);
}

function stamp() {
  return hashOfFiles([...SETTINGS, ...sources(), ...filesIn(PAGE).sort()]);
}

function sources() {
  const { include } = JSON.parse(readIfExists(inProject('tsconfig.build.json')));
  const files = include.flatMap((entry) => (entry.endsWith('.ts') ? [entry] : sourcesIn(entry)));
  return files.sort();
}

function sourcesIn(folder) {
  return filesIn(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
}

function filesIn(folder) {
  if (!existsSync(inProject(folder))) return [];
  return readdirSync(inProject(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

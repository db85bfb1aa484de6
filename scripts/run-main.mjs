import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { inProject, log } from './project.mjs';

/** Continues in this process as `node {path} {args}`, so that signals and the exit code apply to it. */
export async function runMain(path, args) {
  const main = inProject(path);
  if (!existsSync(main)) {
    log(`${main} is missing: run \`npm run build\` in the project's folder.`);
    process.exit(1);
  }
  process.setSourceMapsEnabled(true);
  process.argv.splice(1, Infinity, main, ...args);
  await import(pathToFileURL(main).href);
}

import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { inProject, say } from './project.mjs';

/** Goes on in this process as `node {path} {args}`, so that signals and exit code are its own. */
export async function runMain(path, args) {
  const main = inProject(path);
  if (!existsSync(main)) {
    say(`${main} is missing: run \`npm run build\` in the project's folder.`);
    process.exit(1);
  }
  process.setSourceMapsEnabled(true);
  process.argv.splice(1, Infinity, main, ...args);
  await import(pathToFileURL(main).href);
}

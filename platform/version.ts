import { readFileSync } from 'node:fs';
import { projectFile } from './package-root.js';

/** Version of this build, as in package.json. */
export const VERSION = (
  JSON.parse(readFileSync(projectFile('package.json'), 'utf8')) as { version: string }
) // our own file
.version;

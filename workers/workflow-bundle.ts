import { fileURLToPath } from 'node:url';

/** Path of the bundled workflows; those that seal write messages of failures as payloads. */
export function workflowBundle(sealed: boolean): string {
  const name = sealed ? 'workflow-bundle-sealed.js' : 'workflow-bundle.js';
  return fileURLToPath(new URL(`../${name}`, import.meta.url));
}

import { fileURLToPath } from 'node:url';

/** Path of the bundled workflows; with encrypted payloads, failure messages are payloads too. */
export function workflowBundle(payloadsEncrypted: boolean): string {
  const name = payloadsEncrypted ? 'workflow-bundle-encrypted.js' : 'workflow-bundle.js';
  return fileURLToPath(new URL(`../${name}`, import.meta.url));
}

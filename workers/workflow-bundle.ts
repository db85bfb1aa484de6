import { fileURLToPath } from 'node:url';

/** What a bundle of the workflows is built for. */
export interface BundleOptions {
  /** With encrypted payloads, failure messages are payloads too. */
  readonly payloadsEncrypted: boolean;
  /** Whether its workflows record spans. */
  readonly traced: boolean;
}

/** Path of the bundled workflows. */
export function workflowBundle({ payloadsEncrypted, traced }: BundleOptions): string {
  const suffix = `${payloadsEncrypted ? '-encrypted' : ''}${traced ? '-traced' : ''}`;
  return fileURLToPath(new URL(`../workflow-bundle${suffix}.js`, import.meta.url));
}

import type { Check } from './check.js';

/** Checks the version of Node against those that package.json supports. */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isSupported = (major === 22 && minor >= 12) || major >= 24;
  return isSupported
    ? { name: 'Node', state: 'ok', message: version }
    : { name: 'Node', state: 'missing', message: `${version}; use 22.12 or later, or 24 or later` };
}

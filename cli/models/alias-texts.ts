import type { ModelAlias } from '../../client/index.js';
import { formatTable, formatTime } from '../format.js';

/** @example 'fish@champion is fish@4 (before: fish@3).' */
export function formatAlias({ name, alias, version, previous }: ModelAlias): string {
  const before = previous ? ` (before: ${name}@${previous.version})` : '';
  return `${name}@${alias} is ${name}@${version}${before}.`;
}

const HEAD = ['TIME', 'CHANGE', 'ALIAS', 'FROM', 'TO', 'BY', 'REASON'];

/** Formats changes of aliases as a table. */
export function formatHistory(changes: readonly ModelAlias[]): string {
  if (changes.length === 0)
    return 'No alias was set. Promote a version with: vidette models promote';
  const rows = changes.map(({ at, action, alias, previous, version, by, reason }) => [
    ...[formatTime(at), action, alias, previous ? String(previous.version) : '-'],
    ...[String(version), by, reason ?? '-'],
  ]);
  return formatTable([HEAD, ...rows]);
}

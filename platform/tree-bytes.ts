import { readdirSync, readFileSync } from 'node:fs';
import { residentBytes } from './resident-bytes.js';

/** Proportional share of the pages that processes have in common, in kibibytes. */
const SHARE_FIELD = /^Pss:\s+(\d+) kB$/m;
/** The command in parentheses may contain spaces; after it come the state and the parent. */
const PARENT_FIELD = /^\d+ \(.*\) \S (\d+) /s;

/**
 * Returns the memory of a process and of all its descendants in bytes; undefined without /proc or after
 * its exit. Pages that several processes share count once, where the host allows reading this.
 */
export function treeBytes(pid: number): number | undefined {
  if (residentBytes(pid) === undefined) return undefined;
  return descendantsOf(pid).reduce((sum, each) => sum + (ownBytes(each) ?? 0), 0);
}

function ownBytes(pid: number): number | undefined {
  try {
    const kibibytes = SHARE_FIELD.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return kibibytes === undefined ? residentBytes(pid) : Number(kibibytes) * 1024;
  } catch {
    return residentBytes(pid);
  }
}

/** Returns a process and its descendants. */
function descendantsOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? parentOf(name) : undefined;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

function parentOf(pid: string): number | undefined {
  try {
    const parent = PARENT_FIELD.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
    return parent === undefined ? undefined : Number(parent);
  } catch {
    return undefined;
  }
}

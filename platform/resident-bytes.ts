import { readFileSync } from 'node:fs';

/** In kibibytes; the pages of `statm` have a size that depends on the machine. */
const STATUS_FIELD = /^VmRSS:\s+(\d+) kB$/m;

/** Returns the resident memory of a process in bytes; undefined without /proc or after its exit. */
export function residentBytes(pid: number): number | undefined {
  try {
    const kibibytes = STATUS_FIELD.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
}

import { readFileSync } from 'node:fs';

/** In kibibytes, unlike `statm`, whose pages are of a size that depends on the machine. */
const STATUS_FIELD = /^VmRSS:\s+(\d+) kB$/m;

/** Resident memory of a process in bytes; undefined where the system does not tell, or it has ended. */
export function residentBytes(pid: number): number | undefined {
  try {
    const kibibytes = STATUS_FIELD.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
}

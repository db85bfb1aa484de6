import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { posix } from 'node:path';

/** Number of cores that this process may use, at least 1, and the reason for it. */
export interface UsableCores {
  readonly count: number;
  readonly reason: string;
}

/** Reads a text file; returns undefined if it does not exist. */
export type ReadText = (path: string) => string | undefined;

/** CPU time that a control group allows, in cores, and the file that sets it. */
interface CpuLimit {
  readonly cores: number;
  readonly path: string;
}

/** Mount of a tree of control groups: the group at its root, and the path. */
interface Mount {
  readonly root: string;
  readonly point: string;
  readonly version: 1 | 2;
}

/**
 * Returns the cores that this process may use: those that it may run on, or fewer if its control
 * group of Linux (a container's CPU limit) or a parent of it allows less time. Fractions of a core are
 * not used.
 */
export function usableCores(
  read: ReadText = readText,
  onMachine = availableParallelism(),
): UsableCores {
  // Node's own count ignores CPU limits in some versions and misreads group weights in others.
  const allowed = countCores(read('/proc/self/status')) ?? onMachine;
  const [limit] = cpuLimits(read).sort((a, b) => a.cores - b.cores);
  if (!limit || limit.cores >= allowed) {
    return {
      count: allowed,
      reason: 'the cores that this process may run on; no CPU limit is lower',
    };
  }
  return {
    count: Math.max(1, Math.floor(limit.cores)),
    reason: `CPU limit of ${Number(limit.cores.toFixed(2))} cores in ${limit.path}; without it ${allowed}`,
  };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Counts the cores in the list of a process's status, such as `0-3,8`. */
function countCores(status: string | undefined): number | undefined {
  const list = /^Cpus_allowed_list:\s*([\d,-]+)$/m.exec(status ?? '')?.[1];
  return list?.split(',').reduce((sum, span) => {
    const [first = 0, last = first] = span.split('-').map(Number);
    return sum + last - first + 1;
  }, 0);
}

/** Returns the limits of this process's groups and their parents, as far as they are mounted. */
function cpuLimits(read: ReadText): CpuLimit[] {
  const mounts = cpuMounts(read('/proc/self/mountinfo') ?? '');
  const groups = (read('/proc/self/cgroup') ?? '').split('\n').flatMap((line) => {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) return [];
    if (controllers === '') return [{ version: 2, path }];
    return controllers.split(',').includes('cpu') ? [{ version: 1, path }] : [];
  });
  const folders = groups.flatMap(({ version, path }) =>
    mounts
      .filter((mount) => mount.version === version)
      .flatMap((mount) => withParents(mount, path)),
  );
  return folders.flatMap((folder) => limitIn(folder, read) ?? []);
}

function cpuMounts(mountinfo: string): Mount[] {
  return mountinfo.split('\n').flatMap((line): Mount[] => {
    const [mount = '', filesystem = ''] = line.split(' - ');
    const [, , , root, point] = mount.split(' ');
    const [type, , options = ''] = filesystem.split(' ');
    if (root === undefined || point === undefined) return [];
    if (type === 'cgroup2') return [{ root, point, version: 2 }];
    const isCpu = type === 'cgroup' && options.split(',').includes('cpu');
    return isCpu ? [{ root, point, version: 1 }] : [];
  });
}

/** Folders of a group and its parents; if the group is not mounted, the folder of the mount. */
function withParents({ root, point }: Mount, path: string): string[] {
  const inside = posix.relative(root, path);
  const names = inside.startsWith('..') ? [] : inside.split('/').filter((name) => name !== '');
  return [...names.keys(), names.length].map((count) =>
    posix.join(point, ...names.slice(0, count)),
  );
}

function limitIn(folder: string, read: ReadText): CpuLimit | undefined {
  const path = posix.join(folder, 'cpu.max');
  const v2 = read(path);
  if (v2 !== undefined) return limitOf(path, ...v2.split(' '));
  const quota = posix.join(folder, 'cpu.cfs_quota_us');
  return limitOf(quota, read(quota), read(posix.join(folder, 'cpu.cfs_period_us')));
}

/** Quota and period are in microseconds; "max" or -1 means unlimited. */
function limitOf(path: string, quota?: string, period?: string): CpuLimit | undefined {
  const cores = Number(quota) / Number(period);
  return cores > 0 && Number.isFinite(cores) ? { cores, path } : undefined;
}

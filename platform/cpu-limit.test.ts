import { describe, expect, it } from 'vitest';
import { usableCores } from './cpu-limit.js';

const MACHINE = 16;
const V2 = '31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate';
const V1 =
  '32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct\n' +
  '35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory';
const CPU = '/sys/fs/cgroup/cpu,cpuacct';

interface Machine {
  /** Lines of `mountinfo` and `cgroup` of this process. */
  readonly mounts: string;
  readonly groups: string;
  /** Contents of other files, by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly allowed?: string;
}

function coresOf({ mounts, groups, files = {}, allowed = '0-15' }: Machine) {
  const texts: Readonly<Record<string, string>> = {
    '/proc/self/status': `Name:\tnode\nCpus_allowed:\tffff\nCpus_allowed_list:\t${allowed}\n`,
    '/proc/self/mountinfo': `22 1 8:1 / / rw - ext4 /dev/sda1 rw\n${mounts}\n`,
    '/proc/self/cgroup': `${groups}\n`,
    ...files,
  };
  return usableCores((path) => texts[path], 99);
}

const v2 = (groups: string, files: Record<string, string>): Machine => ({
  mounts: V2,
  groups,
  files: Object.fromEntries(
    Object.entries(files).map(([folder, max]) => [`/sys/fs/cgroup${folder}/cpu.max`, max]),
  ),
});
const v1 = (groups: string, quotas: Record<string, string>, mounts = V1): Machine => ({
  mounts,
  groups,
  files: Object.fromEntries(
    Object.entries(quotas).flatMap(([folder, quota]) => [
      [`${CPU}${folder}/cpu.cfs_quota_us`, `${quota}\n`],
      [`${CPU}${folder}/cpu.cfs_period_us`, '100000\n'],
    ]),
  ),
});

describe('usable cores', () => {
  it.each<[string, Machine, number]>([
    ['no limit', v2('0::/', {}), MACHINE],
    ['a limit of "max"', v2('0::/', { '': 'max 100000\n' }), MACHINE],
    ['a container with 4', v2('0::/', { '': '400000 100000\n' }), 4],
    ['another period', v2('0::/', { '': '100000 50000\n' }), 2],
    ['3.99 cores', v2('0::/', { '': '399000 100000\n' }), 3],
    ['half a core', v2('0::/', { '': '50000 100000\n' }), 1],
    ['a limit above the cores', v2('0::/', { '': '3200000 100000\n' }), MACHINE],
    ['a limit at the cores', v2('0::/', { '': '1600000 100000\n' }), MACHINE],
    ['a nested group', v2('0::/a/b', { '/a/b': '300000 100000\n' }), 3],
    [
      'a parent with a lower limit',
      v2('0::/a/b', { '/a': '200000 100000\n', '/a/b': '300000 100000\n' }),
      2,
    ],
    [
      'a grandparent with a limit',
      v2('0::/a/b/c', { '/a': '200000 100000\n', '/a/b': 'max 100000' }),
      2,
    ],
    ['a sibling with a limit', v2('0::/a/b', { '/a/c': '200000 100000\n', '/b': '1 1' }), MACHINE],
    ['a group outside of the mount', v2('0::/../x', { '': '200000 100000\n' }), 2],
    ['a damaged limit', v2('0::/', { '': 'x y\n' }), MACHINE],
    ['a period of 0', v2('0::/', { '': '100000 0\n' }), MACHINE],
    ['version 1, no limit', v1('3:cpu,cpuacct:/', { '': '-1' }), MACHINE],
    ['version 1, a limit', v1('4:memory:/m\n3:cpu,cpuacct:/d', { '/d': '250000' }), 2],
    ['version 1, a parent with a limit', v1('3:cpu:/d/e', { '/d': '500000', '/d/e': '-1' }), 5],
    [
      'version 1, a limit in the memory group',
      v1('4:memory:/d\n3:cpu:/', { '/d': '200000' }),
      MACHINE,
    ],
    [
      'version 1, a container that sees only its own group, by its outer name',
      v1('3:cpu,cpuacct:/docker/ab', { '': '200000' }, V1.replace(' / /sys', ' /docker/ab /sys')),
      2,
    ],
    [
      'version 1, a nested container',
      v1('3:cpu:/docker/ab/c', { '/c': '200000' }, V1.replace(' / /sys', ' /docker/ab /sys')),
      2,
    ],
    [
      'both versions, the lower limit',
      {
        mounts: `${V1}\n41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw`,
        groups: '3:cpu:/d\n0::/u',
        files: {
          [`${CPU}/d/cpu.cfs_quota_us`]: '600000',
          [`${CPU}/d/cpu.cfs_period_us`]: '100000',
          '/sys/fs/cgroup/unified/u/cpu.max': '500000 100000',
        },
      },
      5,
    ],
    ['fewer cores to run on', { ...v2('0::/', {}), allowed: '0-2,8,10-11' }, 6],
    ['one core to run on', { ...v2('0::/', { '': '400000 100000' }), allowed: '7' }, 1],
  ])('%s', (_, machine, expected) => {
    expect(coresOf(machine).count).toBe(expected);
  });

  it('are those of the machine without /proc', () => {
    expect(usableCores(() => undefined, 6)).toMatchObject({ count: 6 });
  });

  it('state their reason', () => {
    expect(coresOf(v2('0::/a', { '/a': '250000 100000' })).reason).toBe(
      'CPU limit of 2.5 cores in /sys/fs/cgroup/a/cpu.max; without it 16',
    );
    expect(coresOf(v2('0::/a', {})).reason).toContain('may run on');
  });
});

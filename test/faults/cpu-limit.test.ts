import { mkdir, rmdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import type { Config } from '../../config/index.js';
import { ownEnvironment } from '../../config/index.js';
import { projectFile } from '../../platform/package-root.js';

const PERIOD_US = 100_000;
/** Mount points of control groups, and the files that limit the CPU in each version. */
const TREES = [
  { root: '/sys/fs/cgroup', files: (us: number) => ({ 'cpu.max': `${us} ${PERIOD_US}` }) },
  {
    root: '/sys/fs/cgroup/cpu',
    files: (us: number) => ({ 'cpu.cfs_period_us': `${PERIOD_US}`, 'cpu.cfs_quota_us': `${us}` }),
  },
];

const made: string[] = [];

/** Creates a group that may use this number of cores; throws without the permission to do so. */
async function makeGroup({ root, files }: (typeof TREES)[number], name: string, cores?: number) {
  const folder = join(root, name);
  await mkdir(folder);
  made.push(folder);
  const texts = Object.entries(cores === undefined ? {} : files(cores * PERIOD_US));
  for (const [file, text] of texts) await writeFile(join(folder, file), text, { flag: 'r+' });
  return folder;
}

/** Group with a limit of 1.5 cores, and a child group without a limit. */
async function limitedGroup(): Promise<string | undefined> {
  const name = `vidette-test-${process.pid}`;
  for (const tree of TREES) {
    try {
      await makeGroup(tree, name, 1.5);
      return await makeGroup(tree, join(name, 'inner'));
    } catch {
      await removeGroups();
    }
  }
  return undefined;
}

async function removeGroups(): Promise<void> {
  for (const folder of made.splice(0).reverse()) await rmdir(folder).catch(() => undefined);
}

const group = await limitedGroup();
afterAll(removeGroups);

const PRINT = `import(process.argv[1]).then(({ readConfig }) => {
  const { cores, lanes, window } = readConfig();
  console.log(JSON.stringify({ cores, lanes, window }));
})`;

/** Returns the settings that a process in a group reads. */
async function settingsIn(procs: string): Promise<Pick<Config, 'cores' | 'lanes' | 'window'>> {
  const node = [process.execPath, '-e', PRINT, projectFile('dist/config/index.js')];
  const join = 'echo $$ > "$0" && exec "$@"';
  const env = { ...ownEnvironment(), VIDETTE_LANES: '', VIDETTE_WINDOW: '' };
  const { stdout } = await execa('sh', ['-c', join, procs, ...node], { env, extendEnv: false });
  return JSON.parse(stdout) as Awaited<ReturnType<typeof settingsIn>>;
}

describe.runIf(group !== undefined && availableParallelism() > 1)('in a real control group', () => {
  it('derives the number of lanes from the limit of the parent group', async () => {
    const { cores, lanes, window } = await settingsIn(join(group!, 'cgroup.procs'));
    expect(cores.count).toBe(1);
    expect(cores.reason).toMatch(/^CPU limit of 1\.5 cores in \/sys\/fs\/cgroup\//);
    expect({ lanes, window }).toEqual({ lanes: 1, window: 4 });
  });

  it('ignores the limit for a process outside the group', async () => {
    const { cores } = await settingsIn('/dev/null');
    expect(cores.reason).not.toContain('1.5 cores');
  });
});

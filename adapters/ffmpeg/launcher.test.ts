import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { availableFences, createLauncher, type Fence, launcherScript } from './launcher.js';

const LIMITS = { timeoutS: 60, memoryBytes: 2 ** 30, fileBytes: 2 ** 20 };
const TOOL = '/usr/bin/ffmpeg';

describe('launcherScript', () => {
  it.each<[what: string, fences: Fence[], command: string]>([
    ['nothing', [], ''],
    ['a timeout', ['timeout'], 'timeout --foreground -k 2 60 '],
    ['limits', ['prlimit'], 'prlimit --as=1073741824 --cpu=60 --fsize=1048576 --core=0 '],
    ['no network', ['unshare'], 'unshare -rn '],
    [
      'a timeout that dies with its worker, as ffmpeg does',
      ['setpriv', 'timeout'],
      'setpriv --pdeathsig KILL timeout --foreground -k 2 60 setpriv --pdeathsig KILL ',
    ],
  ])('fences ffmpeg in with %s', (_, fences, command) => {
    const script = launcherScript(TOOL, LIMITS, fences);
    expect(script).toMatch(/^#!\/bin\/sh\nexec env -i \S/);
    const [, afterVariables] = script.split('XDG_CACHE_HOME="$XDG_CACHE_HOME"} ');
    expect(afterVariables).toBe(`${command}'/usr/bin/ffmpeg' "$@"\n`);
  });

  it('limits everything but the time of a process that decodes a camera', () => {
    const limits = { ...LIMITS, timeoutS: undefined };
    const script = launcherScript(TOOL, limits, ['timeout', 'prlimit', 'unshare', 'setpriv']);
    expect(script).toMatch(
      / prlimit --as=1073741824 --fsize=1048576 --core=0 unshare -rn setpriv --pdeathsig KILL '/,
    );
    expect(script).not.toMatch(/timeout|cpu/);
  });

  it('takes a path with any letters in it', () => {
    const script = launcherScript(`/a b/it's $HOME`, LIMITS, []);
    expect(script).toContain(String.raw`'/a b/it'\''s $HOME'`);
  });
});

describe('a launcher', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "vidette it's-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const launcherOf = async (name: string, limits = LIMITS) =>
    createLauncher(folder, { name, path: name }, limits, await availableFences());

  it('hands every argument on as it is', async () => {
    const launcher = await launcherOf('printf');
    expect((await stat(launcher)).mode & 0o777).toBe(0o755);
    const words = ['a b', '$HOME', "it's", '*', '', '"'];
    const { stdout } = await execa(launcher, ['[%s]', ...words]);
    expect(stdout).toBe(words.map((word) => `[${word}]`).join(''));
  });

  it('passes variables of the system, and no credentials', async () => {
    const { stdout } = await execa(await launcherOf('env'), [], {
      extendEnv: false,
      env: { PATH: process.env.PATH, TZ: "a 'b' $c", MINIO_SECRET_KEY: 'x', OTHER: 'y' },
    });
    expect(stdout.split('\n').filter((line) => !/^(PATH|PWD|_|SHLVL)=/.test(line))).toEqual([
      "TZ=a 'b' $c",
    ]);
  });

  it('gives on how the tool ended', async () => {
    const { exitCode } = await execa(await launcherOf('sh'), ['-c', 'exit 7'], { reject: false });
    expect(exitCode).toBe(7);
  });

  it('ends a tool that takes too long', async () => {
    const sleep = await launcherOf('sleep', { ...LIMITS, timeoutS: 1 });
    const start = performance.now();
    const { exitCode } = await execa(sleep, ['30'], { reject: false });
    expect(exitCode).not.toBe(0);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

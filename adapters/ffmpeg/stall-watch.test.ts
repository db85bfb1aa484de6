import { setTimeout as pause } from 'node:timers/promises';
import { execa, type Options } from 'execa';
import { describe, expect, it } from 'vitest';
import { killTree, processorTicks, processTree } from './process-tree.js';
import { watchForStall } from './stall-watch.js';

const STALL_S = 1;
const QUIET = { reject: false, stdin: 'ignore' } satisfies Options;
/** A shell that waits for a child which works without end. */
const BUSY = ['-c', "sh -c 'while :; do :; done'; true"];
const onLinux = it.skipIf(process.platform !== 'linux');

/** The descendants of a shell once it has started its child. */
async function treeOf(pid: number, size: number): Promise<number[]> {
  for (;;) {
    const tree = await processTree(pid);
    if (tree.length >= size) return tree;
    await pause(20);
  }
}

describe('watchForStall', () => {
  onLinux('kills a stopped process with all that it started, and says so', async () => {
    const shell = execa('sh', BUSY, QUIET);
    const tree = await treeOf(shell.pid!, 2);
    process.kill(tree[1]!, 'SIGSTOP');
    const watch = watchForStall('ffmpeg', shell.pid, STALL_S);
    const start = performance.now();
    expect(await shell).toMatchObject({ signal: 'SIGKILL' });
    expect(performance.now() - start).toBeGreaterThan(STALL_S * 1000 * 0.9);
    expect(performance.now() - start).toBeLessThan(STALL_S * 4000);
    expect(watch.stop()).toMatchObject({
      code: 'DECODE_FAILED',
      message: expect.stringContaining('ffmpeg hung') as string,
    });
    await pause(100);
    expect(await processorTicks([tree[1]!])).toBeUndefined();
  });

  onLinux('leaves a process alone whose child works', async () => {
    const shell = execa('sh', BUSY, QUIET);
    await treeOf(shell.pid!, 2);
    const watch = watchForStall('ffmpeg', shell.pid, STALL_S);
    await pause(STALL_S * 2500);
    expect(watch.stop()).toBeUndefined();
    expect(shell.exitCode).toBeNull();
    await killTree(shell.pid!);
    await shell;
  });

  it('does nothing after it was stopped', async () => {
    const sleep = execa('sleep', ['30'], QUIET);
    expect(watchForStall('ffmpeg', sleep.pid, STALL_S).stop()).toBeUndefined();
    await pause(STALL_S * 1500);
    expect(sleep.exitCode).toBeNull();
    await killTree(sleep.pid!);
    expect(await sleep).toMatchObject({ signal: 'SIGKILL' });
  });
});

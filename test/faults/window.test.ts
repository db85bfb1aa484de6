import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFile } from '../../platform/package-root.js';
import { startTemporal, type TestTemporal } from '../support/temporal.js';
import type { tryWindow, WindowReport, WindowTrial } from '../support/window-workflow.js';

const TASK_QUEUE = 'window-trials';

let temporal: TestTemporal;
let worker: Worker;
let running: Promise<void>;
beforeAll(async () => {
  temporal = await startTemporal();
  worker = await Worker.create({
    connection: temporal.connection,
    taskQueue: TASK_QUEUE,
    workflowsPath: projectFile('test/support/window-workflow.ts'),
    bundlerOptions: { webpackConfigHook: readTypeScriptForJavaScript },
  });
  running = worker.run();
});
afterAll(async () => {
  worker?.shutdown();
  await running;
  await temporal?.close();
});

/** Resolves imports of `.js` to the TypeScript sources. */
function readTypeScriptForJavaScript<T extends { resolve?: object }>(config: T): T {
  const extensionAlias = { '.js': ['.ts', '.js'] };
  return { ...config, resolve: { ...config.resolve, extensionAlias } };
}

let trials = 0;
function trial(input: WindowTrial): Promise<WindowReport> {
  return temporal.client.workflow.execute<typeof tryWindow>('tryWindow', {
    taskQueue: TASK_QUEUE,
    workflowId: `window-${++trials}`,
    args: [input],
  });
}

const upTo = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

describe('a window', () => {
  it.each<WindowTrial & { atOnce: number }>([
    { from: 0, to: 10, width: 3, atOnce: 3 },
    { from: 4, to: 6, width: 5, atOnce: 2 },
    { from: 7, to: 8, width: 1, atOnce: 1 },
    { from: 5, to: 5, width: 3, atOnce: 0 },
  ])('runs [$from, $to) once each, at most $width at once', async ({ atOnce, ...input }) => {
    const report = await trial(input);
    expect(report).toMatchObject({ next: input.to, error: null, mostAtOnce: atOnce });
    expect(report.started).toEqual(upTo(input.from, input.to));
    expect(report.ended.toSorted((a, b) => a - b)).toEqual(upTo(input.from, input.to));
  });

  it('drains and returns where it stopped when its intake ends', async () => {
    const report = await trial({ from: 0, to: 100, width: 4, stopAfter: 9 });
    expect(report).toMatchObject({ next: 9, error: null });
    expect(report.started).toEqual(upTo(0, 9));
    expect(report.ended.toSorted((a, b) => a - b)).toEqual(upTo(0, 9));
  });

  it('cancels the remaining work after the first error and throws that error', async () => {
    const report = await trial({ from: 0, to: 100, width: 4, failAt: 6 });
    expect(report.error).toBe('no 6');
    expect(report.started.length).toBeLessThan(15);
    expect(report.cancelled.length).toBeGreaterThan(0);
    const all = [...report.ended, ...report.cancelled, 6].toSorted((a, b) => a - b);
    expect(all).toEqual(report.started);
  });
});

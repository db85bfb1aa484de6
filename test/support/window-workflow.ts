import { ApplicationFailure, isCancellation, sleep } from '@temporalio/workflow';
import { forEachInWindow } from '../../workflows/window.js';

export interface WindowTrial {
  readonly from: number;
  readonly to: number;
  readonly width: number;
  /** Number whose work fails. */
  readonly failAt?: number;
  /** Numbers that are started before the intake ends. */
  readonly stopAfter?: number;
}

export interface WindowReport {
  readonly next: number;
  readonly started: readonly number[];
  readonly ended: readonly number[];
  readonly cancelled: readonly number[];
  readonly mostAtOnce: number;
  readonly error: string | null;
}

/** Runs a window over short tasks and reports their order. */
export async function tryWindow(trial: WindowTrial): Promise<WindowReport> {
  const started: number[] = [];
  const ended: number[] = [];
  const cancelled: number[] = [];
  let atOnce = 0;
  let mostAtOnce = 0;
  const work = async (index: number) => {
    started.push(index);
    mostAtOnce = Math.max(mostAtOnce, ++atOnce);
    try {
      // Odd numbers take longer, so that tasks end out of order.
      await sleep(index % 2 === 0 ? 10 : 60);
      if (index === trial.failAt) throw ApplicationFailure.nonRetryable(`no ${index}`);
      ended.push(index);
    } catch (error) {
      if (isCancellation(error)) cancelled.push(index);
      throw error;
    } finally {
      atOnce--;
    }
  };
  const report = (next: number, error: string | null) => {
    return { next, started, ended, cancelled, mostAtOnce, error };
  };
  try {
    const stop = () => started.length >= (trial.stopAfter ?? Infinity);
    return report(await forEachInWindow(trial, work, stop), null);
  } catch (error) {
    return report(-1, error instanceof Error ? error.message : String(error));
  }
}

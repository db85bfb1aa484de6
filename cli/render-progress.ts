import type { RenderProgress } from '../domain/job/activity-contracts.js';
import type { Output } from './output.js';

const REPORT_EVERY_MS = 5000;

/** Reports the progress of a render every 5 s. */
export function reportRender({ step }: Pick<Output, 'step'>): (progress: RenderProgress) => void {
  let reportedAt = 0;
  return ({ frames_done, frames_total }) => {
    const hasStarted = frames_total > 0;
    if (!hasStarted || Date.now() - reportedAt < REPORT_EVERY_MS) return;
    reportedAt = Date.now();
    const share = Math.floor((100 * frames_done) / frames_total);
    step(`rendering: ${frames_done} of ${frames_total} frames (${share} %)`);
  };
}

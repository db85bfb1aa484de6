import type { LaneProcess } from './lane-process.js';
import { modelKeyOf, type PoolJob, type Ticket } from './pool-job.js';

/**
 * Gives waiting jobs, oldest first, to lanes of their models, each to the lane with the fewest jobs;
 * removes them from `waiting`. A lane that a job needs for itself gets no other job until it is empty.
 * @param jobsPerLane maximum number of jobs that one lane holds.
 */
export function assignJobs<Job extends PoolJob, Result>(
  waiting: Map<number, Ticket<Job, Result>>,
  lanes: Iterable<LaneProcess<Job, Result>>,
  jobsPerLane: number,
): void {
  const serving = [...lanes].filter(({ state }) => state === 'serving');
  const reserved = new Set<LaneProcess<Job, Result>>();
  for (const ticket of waiting.values()) {
    const { alone = false, model } = ticket.job;
    const modelKey = modelKeyOf(model);
    const lane = serving
      .filter((each) => each.modelKey === modelKey && !each.isExclusive && !reserved.has(each))
      .sort((a, b) => a.jobCount - b.jobCount)[0];
    if (!lane) continue;
    if (lane.jobCount < (alone ? 1 : jobsPerLane)) {
      waiting.delete(ticket.id);
      lane.detect(ticket);
    } else if (alone) reserved.add(lane);
  }
}

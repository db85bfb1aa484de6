import type { LocalModel } from '../domain/ports/model-registry.js';
import type { LaneProcess } from './lane-process.js';
import { modelKeyOf, type PoolJob, type Ticket } from './pool-job.js';

/** Jobs of a pool that no lane holds yet, oldest first. */
export class WaitingJobs<Job extends PoolJob, Result> {
  private readonly tickets = new Map<number, Ticket<Job, Result>>();

  get size(): number {
    return this.tickets.size;
  }

  /** Key of each job's model, oldest job first. */
  get modelKeys(): string[] {
    return [...this.tickets.values()].map(({ job }) => modelKeyOf(job.model));
  }

  /** Returns the model with this key; undefined if no job waits for it. */
  findModel(modelKey: string): LocalModel | undefined {
    const models = [...this.tickets.values()].map(({ job }) => job.model);
    return models.find((model) => modelKeyOf(model) === modelKey);
  }

  add(ticket: Ticket<Job, Result>): void {
    this.tickets.set(ticket.id, ticket);
  }

  /** Removes and rejects the jobs that match. */
  reject(matches: (ticket: Ticket<Job, Result>) => boolean, error: unknown): void {
    for (const ticket of [...this.tickets.values()].filter(matches)) {
      this.tickets.delete(ticket.id);
      ticket.reject(error);
    }
  }

  /**
   * Gives jobs to lanes of their models, each to the lane with the fewest jobs. A lane that a job
   * needs for itself gets no other job until it is empty.
   * @param jobsPerLane maximum number of jobs that one lane holds.
   */
  assignTo(lanes: Iterable<LaneProcess<Job, Result>>, jobsPerLane: number): void {
    const serving = [...lanes].filter(({ state }) => state === 'serving');
    const reserved = new Set<LaneProcess<Job, Result>>();
    for (const ticket of this.tickets.values()) {
      const { alone = false, model } = ticket.job;
      const modelKey = modelKeyOf(model);
      const lane = serving
        .filter((each) => each.modelKey === modelKey && !each.isExclusive && !reserved.has(each))
        .sort((a, b) => a.jobCount - b.jobCount)[0];
      if (!lane) continue;
      if (lane.jobCount < (alone ? 1 : jobsPerLane)) {
        this.tickets.delete(ticket.id);
        lane.detect(ticket);
      } else if (alone) reserved.add(lane);
    }
  }
}

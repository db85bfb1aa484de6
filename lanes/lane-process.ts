import { errorFrom } from '../domain/error-record.js';
import { AppError, type ErrorFacts } from '../domain/errors.js';
import type { LaneLoss, LaneMeasures } from '../domain/ports/meters.js';
import type { LocalModel } from '../domain/ports/model-registry.js';
import { type LaneChild, type LaneCommand, startLaneChild } from './lane-child.js';
import type { LaneView } from './policy.js';
import { modelKeyOf, type PoolJob, type Ticket } from './pool-job.js';
import type { FromLane } from './protocol.js';
import { residentBytes } from '../platform/resident-bytes.js';

export interface LaneProcessOptions<Job> extends LaneCommand {
  readonly model: LocalModel;
  /** Returns facts about a job that a lost lane held, for the error of the job. */
  readonly factsOf: (job: Job) => ErrorFacts;
  /** Called when the lane reduces the size of its batches. */
  readonly onSmallerBatch: (size: number, reason: string) => void;
  /** Called with what the lane has measured since the last call. */
  readonly onMeasured: (measures: LaneMeasures) => void;
  /** Called when the model is loaded, and after each job. */
  readonly onIdle: () => void;
  /** Called once, when the process has exited. `error` is why the model was never loaded. */
  readonly onExit: (reason: string, error: unknown) => void;
}

/** A detection process of one model, from its start to its exit. */
export class LaneProcess<Job extends PoolJob, Result> implements LaneView {
  readonly model: LocalModel;
  readonly modelKey: string;
  /** Resolves when the model has run once; rejects if it cannot be loaded. */
  readonly loaded: Promise<void>;
  readonly exited: Promise<void>;
  state: LaneView['state'] = 'loading';
  servingSince = 0;
  lastBusy = 0;
  private readonly child: LaneChild<Job>;
  private readonly tickets = new Map<number, Ticket<Job, Result>>();
  private lastMessageAt = performance.now();
  private loadError: unknown;
  private isHung = false;
  /** Why the lane can run no further job. */
  private breakdown: string | undefined;
  private finishedJobs = 0;
  private settleLoaded!: { resolve: () => void; reject: (error: unknown) => void };

  constructor(private readonly options: LaneProcessOptions<Job>) {
    this.model = options.model;
    this.modelKey = modelKeyOf(options.model);
    this.loaded = new Promise((resolve, reject) => (this.settleLoaded = { resolve, reject }));
    // Most callers learn of a failed load from `onExit`.
    this.loaded.catch(() => undefined);
    this.child = startLaneChild<Job, Result>(options, (message) => this.onMessage(message));
    this.exited = this.child.exited.then((reason) => this.onExit(reason));
    this.child.send({ type: 'load', model: options.model });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** How a lane that has ended was lost. */
  get loss(): LaneLoss {
    if (this.breakdown !== undefined) return 'broken';
    return this.isHung ? 'hung' : 'crashed';
  }

  get jobCount(): number {
    return this.tickets.size;
  }

  /** Whether its only job must be alone in the lane. */
  get isExclusive(): boolean {
    return [...this.tickets.values()].some(({ job }) => job.alone);
  }

  /**
   * Returns the resident memory in bytes if it exceeds `limit` and the lane has finished a job. A lane
   * whose model alone is that large would be replaced again and again.
   */
  memoryAbove(limit: number): number | undefined {
    if (this.state !== 'serving' || this.finishedJobs === 0 || this.pid === undefined)
      return undefined;
    const bytes = residentBytes(this.pid);
    return bytes !== undefined && bytes > limit ? bytes : undefined;
  }

  holds(id: number): boolean {
    return this.tickets.has(id);
  }

  detect(ticket: Ticket<Job, Result>): void {
    if (this.tickets.size === 0) this.lastMessageAt = performance.now();
    this.tickets.set(ticket.id, ticket);
    this.child.send({ type: 'detect', id: ticket.id, job: ticket.job });
  }

  cancel(id: number): void {
    this.child.send({ type: 'cancel', id });
  }

  /** Lets the lane finish its jobs, then ends it. */
  drain(): void {
    this.state = 'draining';
    if (this.tickets.size === 0) this.terminate();
  }

  /** Ends the lane; its jobs fail. */
  terminate(): void {
    this.lastMessageAt = performance.now();
    this.child.kill('SIGTERM');
  }

  /** Kills the lane if it has work and has been silent since `limit`, a time of `performance.now()`. */
  killIfHung(limit: number): void {
    const hasWork = this.state !== 'serving' || this.tickets.size > 0;
    if (!hasWork || this.lastMessageAt >= limit) return;
    this.isHung = true;
    this.kill();
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  private onMessage(message: FromLane<Result>): void {
    this.lastMessageAt = performance.now();
    switch (message.type) {
      case 'alive':
        return;
      case 'loaded':
        return this.onLoaded();
      case 'smaller-batch':
        return this.options.onSmallerBatch(message.size, message.reason);
      case 'measured':
        return this.options.onMeasured(message.measures);
      case 'load-failed':
        this.loadError = errorFrom(message.error);
        return this.drain();
      case 'frames':
        return this.tickets.get(message.id)?.onFrames(message.done);
      case 'done':
        return this.finish(message.id, ({ resolve }) => resolve(message.result));
      case 'failed':
        return this.finish(message.id, ({ reject }) => reject(errorFrom(message.error)));
      case 'broken':
        this.breakdown = message.error.message;
        return this.kill();
    }
  }

  private onLoaded(): void {
    this.servingSince = performance.now();
    this.lastBusy = this.servingSince;
    if (this.state === 'loading') this.state = 'serving';
    this.settleLoaded.resolve();
    this.options.onIdle();
  }

  private finish(id: number, settle: (ticket: Ticket<Job, Result>) => void): void {
    const ticket = this.tickets.get(id);
    if (!ticket) return;
    this.tickets.delete(id);
    this.finishedJobs++;
    this.lastBusy = performance.now();
    settle(ticket);
    if (this.state === 'draining' && this.tickets.size === 0) this.terminate();
    this.options.onIdle();
  }

  private onExit(reason: string): void {
    for (const ticket of this.tickets.values()) {
      ticket.reject(this.lostError(reason, this.options.factsOf(ticket.job)));
    }
    this.tickets.clear();
    const lost = this.lostError(reason);
    const error = this.servingSince > 0 ? undefined : (this.loadError ?? lost);
    this.settleLoaded.reject(error ?? lost);
    this.options.onExit(reason, error);
  }

  private lostError(reason: string, facts: ErrorFacts = {}): AppError {
    const how = this.breakdown ?? (this.isHung ? `silent for too long, ${reason}` : reason);
    return new AppError('LANE_LOST', `A detection process ended (${how}) and is replaced.`, {
      ...{ model: this.model.manifest.name, how },
      ...facts,
    });
  }
}

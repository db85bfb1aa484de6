import { AppError } from '../domain/errors.js';
import type { LaneJob, LaneResult } from '../domain/ports/lanes.js';
import type { LocalModel } from '../domain/ports/model-registry.js';
import { residentBytes } from '../platform/resident-bytes.js';
import { createBatchSizeLog } from './batch-size-log.js';
import { ExpectedModels } from './expected-models.js';
import { LaneProcess } from './lane-process.js';
import { createLoadBackoff } from './load-backoff.js';
import { nextStep, type Step } from './policy.js';
import { modelKeyOf, type PoolJob } from './pool-job.js';
import type { LanePoolOptions, PoolCounts } from './pool-options.js';
import { WaitingJobs } from './waiting-jobs.js';

const WATCH_MS = 250;
/** Time that a lane has to exit when the pool is closed, before it is killed. */
const CLOSE_GRACE_MS = 5000;

/**
 * Pool of detection processes ("lanes") of one model each. A job whose model has no lane gets one, and
 * a lane of another model ends. A lane that crashes or hangs is replaced, and its jobs fail with
 * `LANE_LOST`.
 */
export class LanePool<Job extends PoolJob = LaneJob, Result = LaneResult> {
  private readonly lanes = new Set<LaneProcess<Job, Result>>();
  private readonly waiting = new WaitingJobs<Job, Result>();
  private readonly expected = new ExpectedModels();
  private readonly backoff = createLoadBackoff();
  private readonly logBatchSize: ReturnType<typeof createBatchSizeLog>;
  private readonly watch: NodeJS.Timeout;
  /** The model that was loaded last; it fills a free slot while no job waits. */
  private lastModel: LocalModel | undefined;
  private nextId = 1;
  private closed = false;

  constructor(private readonly options: LanePoolOptions<Job>) {
    this.logBatchSize = createBatchSizeLog(options.logger);
    this.watch = setInterval(() => this.supervise(), options.watchMs ?? WATCH_MS);
  }

  /** Process ids of the lanes. */
  get pids(): number[] {
    return [...this.lanes].flatMap((lane) => lane.pid ?? []);
  }

  /** Resident memory of all lanes in bytes. */
  get residentBytes(): number {
    return this.pids.reduce((sum, pid) => sum + (residentBytes(pid) ?? 0), 0);
  }

  get counts(): PoolCounts {
    const lanes = [...this.lanes];
    return {
      serving: lanes.filter(({ state }) => state === 'serving').length,
      held: lanes.reduce((sum, { jobCount }) => sum + jobCount, 0),
      waiting: this.waiting.size,
    };
  }

  /** @throws AppError `LANE_LOST` if the lane of the job crashes or hangs, or the pool is closed. */
  async detect(
    job: Job,
    { signal, onFrames }: { signal: AbortSignal; onFrames: (done: number) => void },
  ): Promise<Result> {
    signal.throwIfAborted();
    if (this.closed) throw closedError();
    const id = this.nextId++;
    const cancel = () => this.cancel(id);
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await new Promise<Result>((resolve, reject) => {
        this.waiting.add({ id, job, onFrames, resolve, reject });
        this.advance();
      });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  /** Fills all lanes with one model, before there are jobs. Rejects if a lane cannot load it. */
  async load(model: LocalModel): Promise<void> {
    const modelKey = modelKeyOf(model);
    this.lastModel = model;
    const others = [...this.lanes].filter((lane) => lane.modelKey !== modelKey);
    for (const lane of others) lane.drain();
    await Promise.all(others.map((lane) => lane.exited));
    if (this.closed) throw closedError();
    while (this.lanes.size < this.options.lanes) this.startLane(model);
    await Promise.all([...this.lanes].map((lane) => lane.loaded));
  }

  /**
   * Gives `next` a lane if `current` has one; lanes of other models serve until it is loaded. Rejects
   * if the lane cannot load it. Returns false without a lane.
   */
  async prepare(next: LocalModel, current: LocalModel): Promise<boolean> {
    if (this.closed) throw closedError();
    if (this.isServed(modelKeyOf(next))) return true;
    if (!this.isServed(modelKeyOf(current))) return false;
    const prepared = this.expected.add(next);
    this.advance();
    await prepared;
    return true;
  }

  /** Ends all lanes; running and waiting jobs fail with `LANE_LOST`. */
  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.watch);
    this.waiting.reject(() => true, closedError());
    this.expected.reject(() => true, closedError());
    const lanes = [...this.lanes];
    for (const lane of lanes) lane.terminate();
    const kill = setTimeout(() => {
      for (const lane of lanes) lane.kill();
    }, CLOSE_GRACE_MS);
    await Promise.all(lanes.map((lane) => lane.exited));
    clearTimeout(kill);
  }

  private supervise(): void {
    const limit = performance.now() - this.options.timeoutMs;
    for (const lane of this.lanes) lane.killIfHung(limit);
    this.replaceTooLarge();
    this.advance();
  }

  /** Replaces one lane at a time, while the others serve. */
  private replaceTooLarge(): void {
    const { memoryBytes = 0, logger } = this.options;
    const isReplacing = [...this.lanes].some(({ state }) => state !== 'serving');
    if (memoryBytes === 0 || isReplacing) return;
    for (const lane of this.lanes) {
      const bytes = lane.memoryAbove(memoryBytes);
      if (bytes === undefined) continue;
      logger.warn({ lane: lane.pid, bytes, memoryBytes }, 'lane is too large and is replaced');
      this.options.meter?.restarted('too_large');
      lane.drain();
      return;
    }
  }

  /** Assigns waiting jobs and applies the steps of the policy until none is left. */
  private advance(): void {
    while (!this.closed) {
      this.waiting.assignTo(this.lanes, this.options.jobsPerLane);
      const step = this.nextStep();
      if (!step) return;
      this.apply(step);
    }
  }

  private nextStep(): Step<LaneProcess<Job, Result>> | undefined {
    const { lanes: capacity, turnMs = 10_000, idleMs = 2_000 } = this.options;
    const now = performance.now();
    return nextStep({
      ...{ lanes: [...this.lanes], capacity, now, turnMs, idleMs },
      waiting: [...this.waiting.modelKeys, ...this.expected.modelKeys],
      coolingDown: this.backoff.coolingDown(now),
      lastModel: this.lastModel && modelKeyOf(this.lastModel),
    });
  }

  private apply(step: Step<LaneProcess<Job, Result>>): void {
    if (step.kind === 'start') {
      // The policy names only models of waiting jobs, expected models, and the last model.
      const { waiting, expected, lastModel } = this;
      const { modelKey } = step;
      this.startLane(waiting.findModel(modelKey) ?? expected.findModel(modelKey) ?? lastModel!);
      return;
    }
    const { pid: lane, modelKey: model } = step.lane;
    this.options.logger.info({ lane, model }, 'lane makes room for another model');
    step.lane.drain();
  }

  private startLane(model: LocalModel): void {
    const { entry, wrapper = [], env, niceness, factsOf, logger } = this.options;
    const lane: LaneProcess<Job, Result> = new LaneProcess({
      ...{ entry, wrapper, env, model, factsOf },
      ...(niceness !== undefined && { niceness }),
      onSmallerBatch: (size, reason) => this.logBatchSize(lane.modelKey, size, reason),
      onMeasured: (measures) => this.options.meter?.measured(model.manifest, measures),
      onIdle: () => this.onLaneIdle(lane),
      onExit: (reason, error) => this.onLaneExit(lane, reason, error),
    });
    this.lanes.add(lane);
    logger.info({ lane: lane.pid, model: lane.modelKey }, 'lane started');
  }

  private onLaneIdle(lane: LaneProcess<Job, Result>): void {
    this.backoff.recordSuccess(lane.modelKey);
    this.lastModel = lane.model;
    if (lane.state === 'serving') this.expected.resolve(lane.modelKey);
    this.advance();
  }

  /** @param error why the lane could not load its model; undefined if it could. */
  private onLaneExit(lane: LaneProcess<Job, Result>, reason: string, error: unknown): void {
    this.lanes.delete(lane);
    if (this.closed) return;
    const facts = { lane: lane.pid, model: lane.modelKey, reason };
    if (error !== undefined) this.onLoadFailed(lane, error);
    else if (lane.state === 'draining') this.options.logger.info(facts, 'lane ended');
    else {
      this.options.meter?.restarted(lane.loss);
      this.options.logger.error(facts, 'lane lost');
    }
    this.advance();
  }

  /** Rejects the jobs of a model that no lane serves; Temporal retries them. */
  private onLoadFailed({ modelKey, pid: lane }: LaneProcess<Job, Result>, error: unknown): void {
    this.options.meter?.restarted('load_failed');
    this.options.logger.error({ lane, model: modelKey, error }, 'model not loaded');
    this.backoff.recordFailure(modelKey, performance.now());
    if (this.lastModel && modelKeyOf(this.lastModel) === modelKey) this.lastModel = undefined;
    if (this.counts.serving === 0) this.options.onUnserved?.(error);
    if (this.isServed(modelKey)) return;
    this.waiting.reject(({ job }) => modelKeyOf(job.model) === modelKey, error);
    this.expected.reject((key) => key === modelKey, error);
  }

  private isServed(modelKey: string): boolean {
    return [...this.lanes].some((lane) => lane.modelKey === modelKey && lane.state === 'serving');
  }

  private cancel(id: number): void {
    this.waiting.reject((ticket) => ticket.id === id, new Error('cancelled'));
    for (const lane of this.lanes) if (lane.holds(id)) lane.cancel(id);
  }
}

function closedError(): AppError {
  return new AppError('LANE_LOST', 'The detection processes are stopping with their worker.');
}

import { AppError } from '../domain/errors.js';
import type { LaneJob, LaneResult } from '../domain/ports/lanes.js';
import type { LocalModel } from '../domain/ports/model-registry.js';
import { nextStep, type Step } from './policy.js';
import type { LanePoolOptions, PoolCounts } from './pool-options.js';
import { LaneProcess, modelKeyOf, type PoolJob, type Ticket } from './lane-process.js';
import { createLoadBackoff } from './load-backoff.js';

const WATCH_MS = 250;
/** What does not end by itself when the pool is closed is killed. */
const CLOSE_GRACE_MS = 5000;

/**
 * Detection processes, each of one model. A model that has none gets one, and then one of another
 * model ends; a lane that dies or hangs is replaced, and its jobs fail as `LANE_LOST`.
 */
export class LanePool<Job extends PoolJob = LaneJob, Result = LaneResult> {
  private readonly lanes = new Set<LaneProcess<Job, Result>>();
  private readonly waiting = new Map<number, Ticket<Job, Result>>();
  private readonly backoff = createLoadBackoff();
  /** What was logged of models whose batches are smaller: each lane of a model tells the same. */
  private readonly told = new Set<string>();
  private readonly watch: NodeJS.Timeout;
  /** The model that was loaded last: it fills a free place when no job waits. */
  private spare: LocalModel | undefined;
  private nextId = 1;
  private closed = false;

  constructor(private readonly options: LanePoolOptions<Job>) {
    this.watch = setInterval(() => this.lookAfter(), options.watchMs ?? WATCH_MS);
  }

  /** Process ids of the lanes. */
  get pids(): number[] {
    return [...this.lanes].flatMap((lane) => lane.pid ?? []);
  }

  get counts(): PoolCounts {
    const lanes = [...this.lanes];
    return {
      serving: lanes.filter(({ state }) => state === 'serving').length,
      held: lanes.reduce((sum, { jobCount }) => sum + jobCount, 0),
      waiting: this.waiting.size,
    };
  }

  async detect(
    job: Job,
    { signal, onFrames }: { signal: AbortSignal; onFrames: (done: number) => void },
  ): Promise<Result> {
    signal.throwIfAborted();
    if (this.closed) throw closing();
    const id = this.nextId++;
    const cancel = () => this.cancel(id);
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await new Promise<Result>((resolve, reject) => {
        this.waiting.set(id, { id, job, onFrames, resolve, reject });
        this.advance();
      });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  /** Gives every place to this model, for a start without jobs. Rejects when a lane cannot load it. */
  async load(model: LocalModel): Promise<void> {
    const modelKey = modelKeyOf(model);
    this.spare = model;
    const others = [...this.lanes].filter((lane) => lane.modelKey !== modelKey);
    for (const lane of others) lane.drain();
    await Promise.all(others.map((lane) => lane.ended));
    if (this.closed) throw closing();
    while (this.lanes.size < this.options.lanes) this.startLane(model);
    await Promise.all([...this.lanes].map((lane) => lane.loaded));
  }

  /** Ends all lanes; the jobs that they hold, and those that still wait, fail as `LANE_LOST`. */
  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.watch);
    // No lane will end with them and so fail them.
    this.rejectWaiting(() => true, closing());
    const lanes = [...this.lanes];
    for (const lane of lanes) lane.terminate();
    const kill = setTimeout(() => {
      for (const lane of lanes) lane.kill();
    }, CLOSE_GRACE_MS);
    await Promise.all(lanes.map((lane) => lane.ended));
    clearTimeout(kill);
  }

  private lookAfter(): void {
    const limit = Date.now() - this.options.timeoutMs;
    for (const lane of this.lanes) lane.endIfHung(limit);
    this.replaceTooLarge();
    this.advance();
  }

  /** One at a time: the others go on meanwhile. */
  private replaceTooLarge(): void {
    const { memoryBytes = 0, logger } = this.options;
    const isReplacing = [...this.lanes].some(({ state }) => state !== 'serving');
    if (memoryBytes === 0 || isReplacing) return;
    for (const lane of this.lanes) {
      const bytes = lane.overMemory(memoryBytes);
      if (bytes === undefined) continue;
      logger.warn({ lane: lane.pid, bytes, memoryBytes }, 'lane is too large and is replaced');
      lane.drain();
      return;
    }
  }

  /** Gives out what can be given, and then does what the policy says until all is as it should be. */
  private advance(): void {
    for (let step: Step<LaneProcess<Job, Result>> | undefined; !this.closed; this.take(step)) {
      this.assign();
      step = this.policyStep();
      if (!step) return;
    }
  }

  private policyStep(): Step<LaneProcess<Job, Result>> | undefined {
    const { lanes: capacity, turnMs = 10_000, idleMs = 2_000 } = this.options;
    const now = Date.now();
    return nextStep({
      ...{ lanes: [...this.lanes], capacity, now, turnMs, idleMs },
      waiting: [...this.waiting.values()].map(({ job }) => modelKeyOf(job.model)),
      coolingDown: this.backoff.barred(now),
      lastModel: this.spare && modelKeyOf(this.spare),
    });
  }

  private take(step: Step<LaneProcess<Job, Result>> | undefined): void {
    if (step?.kind === 'drain') {
      const { pid: lane, modelKey: model } = step.lane;
      this.options.logger.info({ lane, model }, 'lane makes room for another model');
      step.lane.drain();
    }
    if (step?.kind === 'start') this.startLane(this.modelOf(step.modelKey));
  }

  /** The policy names models of jobs that wait, and the spare one. */
  private modelOf(modelKey: string): LocalModel {
    const models = [...this.waiting.values()].map(({ job }) => job.model);
    return models.find((model) => modelKeyOf(model) === modelKey) ?? this.spare!;
  }

  /** Gives waiting jobs to the lanes of their models, that with the least work first. */
  private assign(): void {
    // A lane that a job wants for itself gets no other job until it is empty.
    const kept = new Set<LaneProcess<Job, Result>>();
    for (const ticket of this.waiting.values()) {
      const modelKey = modelKeyOf(ticket.job.model);
      const lane = [...this.lanes]
        .filter((each) => each.state === 'serving' && each.modelKey === modelKey)
        .filter((each) => !each.isTaken && !kept.has(each))
        .sort((a, b) => a.jobCount - b.jobCount)[0];
      const room = ticket.job.alone ? 1 : this.options.jobsPerLane;
      if (!lane) continue;
      if (lane.jobCount < room) {
        this.waiting.delete(ticket.id);
        lane.detect(ticket);
      } else if (ticket.job.alone) kept.add(lane);
    }
  }

  private startLane(model: LocalModel): void {
    const { entry, wrapper = [], factsOf, logger } = this.options;
    const lane: LaneProcess<Job, Result> = new LaneProcess({
      ...{ entry, wrapper, model, factsOf },
      onSmallerBatch: (size, reason) => this.hearSmallerBatch(lane, size, reason),
      onFree: () => this.hearFree(lane),
      onEnd: (reason, error) => this.hearEnd(lane, reason, error),
    });
    this.lanes.add(lane);
    logger.info({ lane: lane.pid, model: lane.modelKey }, 'lane started');
  }

  private hearSmallerBatch(
    { modelKey: model }: LaneProcess<Job, Result>,
    batch: number,
    reason: string,
  ): void {
    const key = `${model} ${batch}`;
    if (this.told.has(key)) return;
    this.told.add(key);
    this.options.logger.warn(
      { model, batch, reason },
      'fewer frames in one inference than asked for',
    );
  }

  private hearFree(lane: LaneProcess<Job, Result>): void {
    this.backoff.loaded(lane.modelKey);
    this.spare = lane.model;
    this.advance();
  }

  /** @param error why the lane could not load its model; undefined when it could. */
  private hearEnd(lane: LaneProcess<Job, Result>, reason: string, error: unknown): void {
    this.lanes.delete(lane);
    if (this.closed) return;
    const facts = { lane: lane.pid, model: lane.modelKey, reason };
    if (error !== undefined) this.giveUp(lane, error);
    else if (lane.state === 'draining') this.options.logger.info(facts, 'lane ended');
    else this.options.logger.error(facts, 'lane lost');
    this.advance();
  }

  /** Without another lane of the model, its jobs end with the error; Temporal tries them again. */
  private giveUp({ modelKey, pid: lane }: LaneProcess<Job, Result>, error: unknown): void {
    this.options.logger.error({ lane, model: modelKey, error }, 'model not loaded');
    this.backoff.failed(modelKey, Date.now());
    if (this.spare && modelKeyOf(this.spare) === modelKey) this.spare = undefined;
    const isServed = [...this.lanes].some(
      (each) => each.modelKey === modelKey && each.state === 'serving',
    );
    if (!isServed) this.rejectWaiting(({ job }) => modelKeyOf(job.model) === modelKey, error);
  }

  private rejectWaiting(isMeant: (ticket: Ticket<Job, Result>) => boolean, error: unknown): void {
    for (const ticket of [...this.waiting.values()].filter(isMeant)) {
      this.waiting.delete(ticket.id);
      ticket.reject(error);
    }
  }

  private cancel(id: number): void {
    this.rejectWaiting((ticket) => ticket.id === id, new Error('cancelled'));
    for (const lane of this.lanes) if (lane.holds(id)) lane.cancel(id);
  }
}

function closing(): AppError {
  return new AppError('LANE_LOST', 'The detection processes are ended; another worker takes over.');
}

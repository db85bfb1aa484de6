import { type ChildProcess, fork } from 'node:child_process';
import { AppError } from '../domain/errors.js';
import type { LaneJob, LaneResult, Lanes, LocalModel } from '../domain/ports.js';
import type { FromLane, LaneFailure, ToLane } from './lane-messages.js';
import type { Logger } from './logger.js';

export interface LanePoolOptions {
  /** Compiled entry of a lane process. */
  readonly entry: string;
  readonly lanes: number;
  /** Jobs that one lane holds at once: the frames of the next are read while one is detected. */
  readonly jobsPerLane: number;
  /** Silence in milliseconds after which a lane with work counts as hung. */
  readonly timeoutMs: number;
  readonly logger: Logger;
}

/** A message to a lane before it has an id. */
type Task =
  | { readonly type: 'detect'; readonly job: LaneJob }
  | { readonly type: 'load'; readonly model: LocalModel };

interface Ticket {
  readonly task: Task;
  readonly onFrames: (done: number) => void;
  readonly resolve: (result: LaneResult) => void;
  readonly reject: (error: unknown) => void;
}

interface Lane {
  readonly process: ChildProcess;
  readonly work: Map<number, Ticket>;
  lastHeard: number;
}

const WATCH_MS = 1000;

/** Detection processes: a lane that dies or hangs is replaced, and its jobs fail as `LANE_LOST`. */
export class LanePool implements Lanes {
  private readonly lanes = new Set<Lane>();
  private readonly waiting = new Map<number, Ticket>();
  private readonly watch: NodeJS.Timeout;
  private nextId = 1;
  private closed = false;

  constructor(private readonly options: LanePoolOptions) {
    for (let i = 0; i < options.lanes; i++) this.startLane();
    this.watch = setInterval(() => this.endHungLanes(), WATCH_MS);
  }

  /** Process ids of the lanes. */
  get pids(): number[] {
    return [...this.lanes].flatMap((lane) => lane.process.pid ?? []);
  }

  async detect(
    job: LaneJob,
    { signal, onFrames }: { signal: AbortSignal; onFrames: (done: number) => void },
  ): Promise<LaneResult> {
    return this.run({ type: 'detect', job }, signal, onFrames);
  }

  /** Loads a network into every lane and runs it there once. Rejects when one of them cannot. */
  async load(model: LocalModel): Promise<void> {
    const never = new AbortController().signal;
    const loads = [...this.lanes].map(() =>
      this.run({ type: 'load', model }, never, () => undefined),
    );
    await Promise.all(loads);
  }

  private async run(
    task: Task,
    signal: AbortSignal,
    onFrames: (done: number) => void,
  ): Promise<LaneResult> {
    signal.throwIfAborted();
    if (this.closed) throw closing();
    const id = this.nextId++;
    const cancel = () => this.cancel(id);
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await new Promise<LaneResult>((resolve, reject) => {
        this.waiting.set(id, { task, onFrames, resolve, reject });
        this.assign();
      });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  /** Ends all lanes; the jobs that they hold, and those that still wait, fail as `LANE_LOST`. */
  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.watch);
    // No lane will end with them and so fail them.
    for (const ticket of this.waiting.values()) ticket.reject(closing());
    this.waiting.clear();
    const ended = [...this.lanes].map(
      (lane) => new Promise((resolve) => lane.process.once('exit', resolve)),
    );
    for (const lane of this.lanes) lane.process.kill('SIGTERM');
    await Promise.all(ended);
  }

  private startLane(): void {
    const process = fork(this.options.entry, { serialization: 'advanced' });
    const lane: Lane = { process, work: new Map(), lastHeard: Date.now() };
    this.lanes.add(lane);
    process.on('message', (message: FromLane) => this.hear(lane, message));
    process.once('exit', (code, signal) => this.replace(lane, signal ?? `code ${code}`));
    process.on('error', (error) => this.options.logger.error({ error }, 'lane error'));
    this.options.logger.info({ lane: process.pid }, 'lane started');
  }

  private replace(lane: Lane, reason: string): void {
    this.lanes.delete(lane);
    const error = new AppError(
      'LANE_LOST',
      `A detection process ended (${reason}) and is replaced.`,
    );
    for (const ticket of lane.work.values()) ticket.reject(error);
    if (this.closed) return;
    this.options.logger.error({ lane: lane.process.pid, reason }, 'lane lost');
    this.startLane();
    this.assign();
  }

  private endHungLanes(): void {
    const limit = Date.now() - this.options.timeoutMs;
    for (const lane of this.lanes) {
      if (lane.work.size > 0 && lane.lastHeard < limit) lane.process.kill('SIGKILL');
    }
  }

  /** Gives waiting jobs to the lanes with the least work. */
  private assign(): void {
    for (const [id, ticket] of this.waiting) {
      const lane = [...this.lanes].sort((a, b) => a.work.size - b.work.size)[0];
      if (!lane || lane.work.size >= this.options.jobsPerLane) return;
      this.waiting.delete(id);
      if (lane.work.size === 0) lane.lastHeard = Date.now();
      lane.work.set(id, ticket);
      this.tell(lane, { ...ticket.task, id });
    }
  }

  private cancel(id: number): void {
    const waiting = this.waiting.get(id);
    if (waiting) {
      this.waiting.delete(id);
      waiting.reject(new Error('cancelled'));
    }
    const lane = [...this.lanes].find((each) => each.work.has(id));
    if (lane) this.tell(lane, { type: 'cancel', id });
  }

  private tell(lane: Lane, message: ToLane): void {
    // A channel that is closing ends in an exit, which rejects the lane's jobs.
    if (lane.process.connected) lane.process.send(message, () => undefined);
  }

  private hear(lane: Lane, message: FromLane): void {
    lane.lastHeard = Date.now();
    if (message.type === 'ready' || message.type === 'alive') return;
    const ticket = lane.work.get(message.id);
    if (!ticket) return;
    if (message.type === 'frames') {
      ticket.onFrames(message.done);
      return;
    }
    lane.work.delete(message.id);
    if (message.type === 'done') ticket.resolve(message.result);
    else ticket.reject(toError(message.error));
    this.assign();
  }
}

function closing(): AppError {
  return new AppError('LANE_LOST', 'The detection processes are ended; another worker takes over.');
}

function toError({ code, message, facts }: LaneFailure): Error {
  return code ? new AppError(code, message, facts) : new Error(message);
}

import { type ChildProcess, fork } from 'node:child_process';
import { AppError, type ErrorFacts } from '../domain/errors.js';
import { modelBehaviourHash } from '../domain/hash.js';
import type { LocalModel } from '../domain/ports/model-registry.js';
import { residentBytes } from './rss.js';
import type { FromLane, LaneFailure, ToLane } from './protocol.js';
import type { LaneView } from './policy.js';

/** What is to be known of a job to give it to a lane. */
export interface PoolJob {
  readonly model: LocalModel;
  /** The lane gets no other job meanwhile. */
  readonly alone?: boolean;
}

/** A job and the one who waits for it. */
export interface Ticket<Job extends PoolJob, Result> {
  readonly id: number;
  readonly job: Job;
  readonly onFrames: (done: number) => void;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export interface LaneProcessOptions<Job> {
  /** Compiled entry of a lane process. */
  readonly entry: string;
  /** What is put before the command that starts it. */
  readonly wrapper: readonly string[];
  readonly model: LocalModel;
  /** Facts of a job that a lost lane held, for the error that the job ends with. */
  readonly factsOf: (job: Job) => ErrorFacts;
  /** Called when it gives fewer frames to one inference than it was told to. */
  readonly onSmallerBatch: (size: number, reason: string) => void;
  /** Called when it was loaded, and each time that it ends a job. */
  readonly onFree: () => void;
  /** Called once, when its process is gone. `error` is why it was never loaded. */
  readonly onEnd: (reason: string, error: unknown) => void;
}

/** Keys of manifests that were asked for: jobs share them, and each is asked for again and again. */
const modelKeys = new WeakMap<LocalModel['manifest'], string>();

/** What tells models apart: two versions may be the same bytes, fed or read in another way. */
export function modelKeyOf({ manifest }: LocalModel): string {
  const known = modelKeys.get(manifest);
  if (known !== undefined) return known;
  const modelKey = `${manifest.name}@${manifest.version} ${modelBehaviourHash(manifest)}`;
  modelKeys.set(manifest, modelKey);
  return modelKey;
}

/** A detection process of one model, from its start to its end. */
export class LaneProcess<Job extends PoolJob, Result> implements LaneView {
  readonly model: LocalModel;
  readonly modelKey: string;
  /** Resolves when its network has run once; rejects when it cannot be loaded. */
  readonly loaded: Promise<void>;
  readonly ended: Promise<void>;
  state: LaneView['state'] = 'loading';
  servingSince = 0;
  lastBusy = 0;
  private readonly process: ChildProcess;
  private readonly work = new Map<number, Ticket<Job, Result>>();
  private lastHeard = Date.now();
  private loadError: unknown;
  private isHung = false;
  private jobsEnded = 0;
  private settleLoaded!: { resolve: () => void; reject: (error: unknown) => void };

  constructor(private readonly options: LaneProcessOptions<Job>) {
    this.model = options.model;
    this.modelKey = modelKeyOf(options.model);
    this.loaded = new Promise((resolve, reject) => (this.settleLoaded = { resolve, reject }));
    // Most lanes are started for jobs, which learn of it in another way.
    this.loaded.catch(() => undefined);
    this.process = forkWrapped(options.entry, options.wrapper);
    this.process.on('message', (message: FromLane<Result>) => this.hear(message));
    this.ended = new Promise((resolve) => {
      const end = (reason: string) => {
        this.end(reason);
        resolve();
      };
      this.process.once('exit', (code, signal) => end(signal ?? `code ${code}`));
      // Without a process there is no exit.
      this.process.on('error', (error) => this.pid === undefined && end(error.message));
    });
    this.tell({ type: 'load', model: options.model });
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  get jobCount(): number {
    return this.work.size;
  }

  /** Whether its only job is one that no other may disturb. */
  get isTaken(): boolean {
    return [...this.work.values()].some(({ job }) => job.alone);
  }

  /**
   * Its resident memory in bytes, when that is more than `limit` and it has ended a job: one that is
   * so large by its network alone is not replaced for ever.
   */
  overMemory(limit: number): number | undefined {
    if (this.state !== 'serving' || this.jobsEnded === 0 || this.pid === undefined)
      return undefined;
    const bytes = residentBytes(this.pid);
    return bytes !== undefined && bytes > limit ? bytes : undefined;
  }

  holds(id: number): boolean {
    return this.work.has(id);
  }

  detect(ticket: Ticket<Job, Result>): void {
    if (this.work.size === 0) this.lastHeard = Date.now();
    this.work.set(ticket.id, ticket);
    this.tell({ type: 'detect', id: ticket.id, job: ticket.job });
  }

  cancel(id: number): void {
    this.tell({ type: 'cancel', id });
  }

  /** It finishes what it holds and ends. */
  drain(): void {
    this.state = 'draining';
    if (this.work.size === 0) this.terminate();
  }

  /** Ends it with what it holds. */
  terminate(): void {
    this.lastHeard = Date.now();
    this.process.kill('SIGTERM');
  }

  /** Ends it at once when it owes an answer and has been silent since `limit` (epoch ms). */
  endIfHung(limit: number): void {
    const owes = this.state !== 'serving' || this.work.size > 0;
    if (!owes || this.lastHeard >= limit) return;
    this.isHung = true;
    this.kill();
  }

  kill(): void {
    this.process.kill('SIGKILL');
  }

  private tell(message: ToLane<Job>): void {
    // A channel that is closing ends in an exit, which rejects the lane's jobs.
    if (this.process.connected) this.process.send(message, () => undefined);
  }

  private hear(message: FromLane<Result>): void {
    this.lastHeard = Date.now();
    switch (message.type) {
      case 'alive':
        return;
      case 'loaded':
        return this.serve();
      case 'smaller-batch':
        return this.options.onSmallerBatch(message.size, message.reason);
      case 'unloadable':
        this.loadError = toError(message.error);
        return this.drain();
      case 'frames':
        return this.work.get(message.id)?.onFrames(message.done);
      case 'done':
        return this.finish(message.id, ({ resolve }) => resolve(message.result));
      case 'failed':
        return this.finish(message.id, ({ reject }) => reject(toError(message.error)));
    }
  }

  private serve(): void {
    this.servingSince = Date.now();
    this.lastBusy = this.servingSince;
    if (this.state === 'loading') this.state = 'serving';
    this.settleLoaded.resolve();
    this.options.onFree();
  }

  private finish(id: number, settle: (ticket: Ticket<Job, Result>) => void): void {
    const ticket = this.work.get(id);
    if (!ticket) return;
    this.work.delete(id);
    this.jobsEnded++;
    this.lastBusy = Date.now();
    settle(ticket);
    if (this.state === 'draining' && this.work.size === 0) this.terminate();
    this.options.onFree();
  }

  private end(reason: string): void {
    for (const ticket of this.work.values()) {
      ticket.reject(this.lost(reason, this.options.factsOf(ticket.job)));
    }
    this.work.clear();
    const error = this.servingSince > 0 ? undefined : (this.loadError ?? this.lost(reason));
    this.settleLoaded.reject(error ?? this.lost(reason));
    this.options.onEnd(reason, error);
  }

  private lost(reason: string, facts: ErrorFacts = {}): AppError {
    const how = this.isHung ? `silent for too long, ${reason}` : reason;
    return new AppError('LANE_LOST', `A detection process ended (${how}) and is replaced.`, {
      ...{ model: this.model.manifest.name, how },
      ...facts,
    });
  }
}

function toError({ code, message, facts }: LaneFailure): Error {
  return code ? new AppError(code, message, facts) : new Error(message);
}

function forkWrapped(entry: string, [command, ...args]: readonly string[]): ChildProcess {
  const wrapped = command !== undefined && {
    execPath: command,
    execArgv: [...args, process.execPath, ...process.execArgv],
  };
  return fork(entry, { serialization: 'advanced', ...wrapped });
}

/** What waits in a task queue for activities, and who takes it. */
export interface QueueState {
  /** Steps that no worker has taken yet, about. */
  readonly waiting: number;
  /** How long the oldest of them waits, in seconds; 0 where none does. */
  readonly oldestS: number;
  /** Workers that polled the queue within the last 60 s. */
  readonly pollers: number;
}

/** What Temporal tells of task queues. */
export interface TaskQueues {
  state(taskQueue: string): Promise<QueueState>;
}

/** Backlog and pollers of an activity task queue. */
export interface QueueState {
  /** Approximate number of activities that wait for a worker. */
  readonly waiting: number;
  /** Age of the oldest of them in seconds; 0 if none waits. */
  readonly oldestS: number;
  /** Workers that polled the queue within the last 60 s. */
  readonly pollers: number;
}

/** Reads the state of Temporal's task queues. */
export interface TaskQueues {
  state(taskQueue: string): Promise<QueueState>;
}

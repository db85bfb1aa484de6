import { LRUCache } from 'lru-cache';
import { Gauge, type Registry } from 'prom-client';
import type { QueueState, TaskQueues } from '../../domain/ports/task-queues.js';
import { DETECT_QUEUES, VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import type { PoolCounts } from '../../lanes/pool-options.js';

const QUEUES = [VIDEO_QUEUE, ...Object.values(DETECT_QUEUES)];
/** The gauges of one answer are of one moment. */
const MOMENT_MS = 1000;

/** Gauges of the API's own lanes, which ask each time that they are read. */
export function addLaneGauges(registers: Registry[], counts: () => PoolCounts): void {
  const gauges = {
    serving: ['vidette_api_lanes', 'Lanes of the API that have their network loaded'],
    held: ['vidette_api_pictures_at_work', 'Pictures that lanes hold'],
    waiting: ['vidette_api_queue', 'Pictures for which no lane has room yet'],
  } as const satisfies Record<keyof PoolCounts, readonly [string, string]>;
  for (const key of ['serving', 'held', 'waiting'] as const) {
    const [name, help] = gauges[key];
    const collect = function (this: Gauge) {
      this.set(counts()[key]);
    };
    new Gauge({ name, help, registers, collect });
  }
}

/** Gauges of the task queues of jobs; a queue that cannot be asked has no value. */
export function addQueueGauges(registers: Registry[], queues: TaskQueues): void {
  const states = new LRUCache<string, QueueState>({
    max: QUEUES.length,
    ttl: MOMENT_MS,
    fetchMethod: (queue) => queues.state(queue),
  });
  const gauges = {
    waiting: ['vidette_queue_backlog', 'Steps of jobs that no worker has taken yet, about'],
    oldestS: ['vidette_queue_oldest_seconds', 'How long the oldest of these steps waits'],
    pollers: ['vidette_queue_workers', 'Workers that polled within the last minute'],
  } as const satisfies Record<keyof QueueState, readonly [string, string]>;
  for (const key of ['waiting', 'oldestS', 'pollers'] as const) {
    const [name, help] = gauges[key];
    const set = async (gauge: Gauge, queue: string) => {
      const state = await states.fetch(queue).catch(() => undefined);
      if (state) gauge.set({ task_queue: queue }, state[key]);
    };
    const collect = async function (this: Gauge) {
      this.reset();
      await Promise.all(QUEUES.map((queue) => set(this, queue)));
    };
    new Gauge({ name, help, labelNames: ['task_queue'], registers, collect });
  }
}

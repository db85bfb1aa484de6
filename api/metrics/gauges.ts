import { LRUCache } from 'lru-cache';
import { Gauge, type Registry } from 'prom-client';
import type { CameraLoad } from '../../client/streams/camera-loads.js';
import type { QueueState, TaskQueues } from '../../domain/ports/task-queues.js';
import { DETECT_QUEUES, STREAM_QUEUE, VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import type { PoolCounts } from '../../lanes/pool-options.js';

const QUEUES = [VIDEO_QUEUE, ...Object.values(DETECT_QUEUES), STREAM_QUEUE];
/** Time for which the state of a queue is reused, so that gauges of one scrape agree. */
const MOMENT_MS = 1000;

/** Adds gauges of the API's lanes, which are read on each scrape. */
export function addLaneGauges(registers: Registry[], counts: () => PoolCounts): void {
  const gauges = {
    serving: ['vidette_api_lanes', 'Lanes of the API that have loaded their model'],
    held: ['vidette_api_pictures_at_work', 'Images that lanes are processing'],
    waiting: ['vidette_api_queue', 'Images waiting for a lane'],
  } as const satisfies Record<keyof PoolCounts, readonly [string, string]>;
  for (const key of ['serving', 'held', 'waiting'] as const) {
    const [name, help] = gauges[key];
    const collect = function (this: Gauge) {
      this.set(counts()[key]);
    };
    new Gauge({ name, help, registers, collect });
  }
}

/** Adds gauges of the task queues; a queue whose state is unavailable has no value. */
export function addQueueGauges(registers: Registry[], queues: TaskQueues): void {
  const states = new LRUCache<string, QueueState>({
    max: QUEUES.length,
    ttl: MOMENT_MS,
    fetchMethod: (queue) => queues.state(queue),
  });
  const gauges = {
    waiting: ['vidette_queue_backlog', 'Approximate number of activities waiting for a worker'],
    oldestS: ['vidette_queue_oldest_seconds', 'Age of the oldest waiting activity in seconds'],
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

/** Adds gauges of the cameras that have a slot; without values while Temporal is unavailable. */
export function addCameraGauges(
  registers: Registry[],
  read: () => Promise<readonly CameraLoad[]>,
): void {
  const moments = new LRUCache<'loads', readonly CameraLoad[]>({
    ...{ max: 1, ttl: MOMENT_MS, fetchMethod: read },
  });
  const gauges = {
    slots: ['vidette_stream_slots_used', 'Slots of stream workers that are in use: 1 each'],
    rows_behind: ['vidette_stream_rows_behind', 'Rows of a camera that are not stored yet'],
    frames_dropped: [
      'vidette_stream_frames_dropped',
      'Frames of a camera that its worker dropped since it runs it, because it is too slow',
    ],
  } as const;
  for (const key of ['slots', 'rows_behind', 'frames_dropped'] as const) {
    const [name, help] = gauges[key];
    const collect = async function (this: Gauge) {
      this.reset();
      const loads = (await moments.fetch('loads').catch(() => undefined)) ?? [];
      for (const { scenario_uuid, ...load } of loads) {
        const value = key === 'slots' ? 1 : load[key];
        if (value !== undefined) this.set({ scenario_uuid }, value);
      }
    };
    new Gauge({ name, help, labelNames: ['scenario_uuid'], registers, collect });
  }
}

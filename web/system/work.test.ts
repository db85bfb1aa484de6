import { expect, it } from 'vitest';
import { testStream } from '../../test/support/test-stream.js';
import { parseMetrics } from './metrics.js';
import { cameraFacts, queueFacts } from './work.js';

it('shows what waits in the queues that are in use', () => {
  const samples = parseMetrics(`
vidette_queue_backlog{task_queue="video"} 0
vidette_queue_workers{task_queue="video"} 1
vidette_queue_backlog{task_queue="detect-cpu"} 12
vidette_queue_workers{task_queue="detect-cpu"} 0
vidette_queue_oldest_seconds{task_queue="detect-cpu"} 75
vidette_queue_backlog{task_queue="detect-gpu"} 0
vidette_queue_workers{task_queue="detect-gpu"} 0`);
  expect(queueFacts(samples)).toEqual([
    ['Steps of jobs', '0 waiting, 1 worker'],
    ['Ranges for CPUs', '12 waiting, the oldest for 1 min 15 s, 0 workers'],
  ]);
});

it('counts the cameras that run by what they do', () => {
  const states = ['live', 'live', 'refused', 'frozen', 'waiting', 'paused'] as const;
  const streams = states.map((state) => testStream({ state }));
  const ended = testStream({ state: 'stopped', ended_at: '2026-01-11T12:00:00.000Z' });
  expect(cameraFacts([...streams, ended])).toEqual([
    ['Live', '2'],
    ['Away', '2'],
    ['Waiting', '1'],
    ['Paused', '1'],
  ]);
  expect(cameraFacts([ended])).toEqual([['Live', '0']]);
});

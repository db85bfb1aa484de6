import { expect, it } from 'vitest';
import { createMetrics } from './index.js';
import { boundedClasses, confidenceBucket } from './labels.js';

it.each([
  [0, '0.25'],
  [0.25, '0.25'],
  [0.2501, '0.5'],
  [0.9, '0.9'],
  [0.91, '1'],
  [1, '1'],
])('puts a confidence of %d into the bucket up to %s', (confidence, bucket) => {
  expect(confidenceBucket(confidence)).toBe(bucket);
});

it('keeps the values of a label few', () => {
  const bounded = boundedClasses(2);
  expect(['кот', 'dog', '鳥', 'кот', null].map(bounded)).toEqual([
    'кот',
    'dog',
    'other',
    'кот',
    'none',
  ]);
});

it('exposes predictions, problems, the model in use and the lanes', async () => {
  const metrics = createMetrics();
  metrics.watch(() => ({ serving: 2, held: 3, waiting: 4 }));
  metrics.using({ name: 'a', version: 1 });
  metrics.using({ name: 'b', version: 2 });
  const model = { name: 'fish', version: 3 };
  metrics.predicted({ class: 'кот', confidence: 0.8, latencyS: 0.03, model });
  metrics.failed('bad-image');
  metrics.failed('lane-lost', model);
  metrics.shadowed({ name: 'fish', version: 4 }, 'disagree');
  metrics.kept('failed');
  metrics.sourceFailed('models:/fish@champion', 'MODEL_INVALID');
  const text = await metrics.registry.metrics();
  for (const line of [
    'predictions_total{class="кот",model="fish@3",confidence_bucket="0.9"} 1',
    'prediction_latency_seconds_bucket{le="0.05",model="fish@3"} 1',
    'prediction_confidence_sum{class="кот",model="fish@3"} 0.8',
    'prediction_errors_total{code="bad-image",model="none"} 1',
    'prediction_errors_total{code="lane-lost",model="fish@3"} 1',
    'vidette_shadow_total{model="fish@4",outcome="disagree"} 1',
    'vidette_kept_images_total{outcome="failed"} 1',
    'model_info{name="b",version="2"} 1',
    'vidette_model_source_errors_total{name="models:/fish@champion",reason="MODEL_INVALID"} 1',
    'vidette_api_lanes 2',
    'vidette_api_queue 4',
  ]) {
    expect(text).toContain(`${line}\n`);
  }
  expect(text).not.toContain('name="a"');
});

it('has the series of the eight models that were used last', async () => {
  const metrics = createMetrics();
  const predict = (version: number) =>
    metrics.predicted({
      ...{ class: 'cod', confidence: 0.8, latencyS: 0.03, model: { name: 'fish', version } },
    });
  for (const version of [1, 2, 3, 4, 5, 6, 7, 8, 1, 9]) predict(version);
  await expect
    .poll(() => metrics.registry.metrics())
    .not.toMatch(/^(predictions|prediction_\w+)\{.*model="fish@2"/m);
  const text = await metrics.registry.metrics();
  for (const version of [1, 3, 9]) {
    expect(text).toContain(`prediction_latency_seconds_count{model="fish@${version}"}`);
  }
});

it('exposes the task queues that reply, each queried once per scrape', async () => {
  const metrics = createMetrics();
  const asked: string[] = [];
  metrics.watchQueues({
    state: (queue) => {
      asked.push(queue);
      if (queue === 'detect-gpu') return Promise.reject(new Error('no answer'));
      return Promise.resolve({ waiting: 7, oldestS: 1.5, pollers: 2 });
    },
  });
  const text = await metrics.registry.metrics();
  for (const line of [
    'vidette_queue_backlog{task_queue="video"} 7',
    'vidette_queue_oldest_seconds{task_queue="detect-cpu"} 1.5',
    'vidette_queue_workers{task_queue="video"} 2',
    'vidette_queue_backlog{task_queue="stream"} 7',
  ]) {
    expect(text).toContain(`${line}\n`);
  }
  expect(text).not.toContain('detect-gpu');
  expect(asked.filter((queue) => queue === 'video')).toHaveLength(1);
});

it('exposes the cameras that have a slot, read once per scrape', async () => {
  const metrics = createMetrics();
  let reads = 0;
  metrics.watchCameras(() => {
    reads++;
    return Promise.resolve([
      { scenario_uuid: 'a', rows_behind: 20, frames_dropped: 3 },
      { scenario_uuid: 'b' },
    ]);
  });
  const lines = (await metrics.registry.metrics()).split('\n');
  expect(lines.filter((line) => line.startsWith('vidette_stream_'))).toEqual([
    'vidette_stream_slots_used{scenario_uuid="a"} 1',
    'vidette_stream_slots_used{scenario_uuid="b"} 1',
    'vidette_stream_rows_behind{scenario_uuid="a"} 20',
    'vidette_stream_frames_dropped{scenario_uuid="a"} 3',
  ]);
  expect(reads).toBe(1);
});

it('exposes no cameras while Temporal does not reply', async () => {
  const metrics = createMetrics();
  metrics.watchCameras(() => Promise.reject(new Error('no answer')));
  expect(await metrics.registry.metrics()).not.toContain('vidette_stream_slots_used{');
});

import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import type { LogEntry } from '../../domain/stream/entry.js';
import { createReadiness } from '../readiness.js';
import { createDetectionMeter } from './detection-meter.js';
import { createFfmpegMeter } from './ffmpeg-meter.js';
import { createJobMeter } from './job-meter.js';
import { createLaneMeter } from './lane-meter.js';
import { addReadinessGauges } from './readiness-gauges.js';
import { createRegistry } from './registry.js';
import { addScratchGauges } from './scratch-gauges.js';
import { createStreamMeter } from './stream-meter.js';

const MODEL = { name: 'fish', version: 3 };

/** Lines of the metrics of a registry, without comments. */
const linesOf = async (registry: Registry) =>
  (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));

it('has series of all ends of jobs before the first one', async () => {
  const registry = new Registry();
  const jobs = createJobMeter([registry]);
  jobs.closed('failed', 20);
  const lines = await linesOf(registry);
  expect(lines.filter((line) => line.startsWith('vidette_jobs_total'))).toEqual([
    'vidette_jobs_total{status="ready"} 0',
    'vidette_jobs_total{status="failed"} 1',
    'vidette_jobs_total{status="cancelled"} 0',
  ]);
  expect(lines).toContain('vidette_job_seconds_bucket{le="15"} 0');
  expect(lines).toContain('vidette_job_seconds_bucket{le="60"} 1');
});

it('counts frames by outcome, device and model', async () => {
  const registry = new Registry();
  const detection = createDetectionMeter(registry);
  detection.frames(MODEL, 'cpu', { detected: 5, still: 2, skipped: 0 });
  detection.range('detected');
  const lines = await linesOf(registry);
  expect(lines).toContain('vidette_frames_total{outcome="still",device="cpu",model="fish@3"} 2');
  expect(lines).toContain('vidette_frames_total{outcome="skipped",device="cpu",model="fish@3"} 0');
  expect(lines).toContain('vidette_ranges_total{outcome="detected"} 1');
  expect(lines).toContain('vidette_ranges_total{outcome="failed"} 0');
});

it('has the series of eight models', async () => {
  const registry = new Registry();
  const detection = createDetectionMeter(registry);
  for (let version = 1; version <= 9; version++) {
    detection.frames({ name: 'fish', version }, 'cpu', { detected: 1, still: 0, skipped: 0 });
  }
  await expect.poll(() => registry.metrics()).not.toContain('model="fish@1"');
  expect(await registry.metrics()).toContain('model="fish@2"');
});

it('observes what lanes report', async () => {
  const registry = new Registry();
  const lanes = createLaneMeter(registry, 'gpu', createFfmpegMeter([registry]));
  lanes.watch({ residentBytes: 7, counts: { serving: 2 } });
  lanes.restarted('hung');
  lanes.measured(MODEL, { inferenceS: [0.02, 0.3], ffmpegRuns: ['ok', 'ok', 'crashed'] });
  const lines = await linesOf(registry);
  for (const line of [
    'vidette_inference_seconds_bucket{le="0.025",model="fish@3",device="gpu"} 1',
    'vidette_inference_seconds_count{model="fish@3",device="gpu"} 2',
    'vidette_lane_restarts_total{reason="hung"} 1',
    'vidette_lane_restarts_total{reason="crashed"} 0',
    'vidette_lane_resident_bytes 7',
    'vidette_lanes 2',
    'vidette_ffmpeg_runs_total{outcome="ok"} 2',
    'vidette_ffmpeg_runs_total{outcome="crashed"} 1',
  ]) {
    expect(lines).toContain(line);
  }
});

it('counts rows, gaps and states of cameras', async () => {
  const registry = new Registry();
  const streams = createStreamMeter([registry]);
  const row = { scenario_uuid: 'a', frame_number: 1, detections: [], timestamp: '' };
  const gap = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-01T00:00:02.500Z' };
  const entries: LogEntry[] = [
    row,
    { scenario_uuid: 'a', gap: { ...gap, reason: 'camera_silent', message: '' } },
  ];
  streams.made(entries);
  streams.state('live');
  streams.dropped(3);
  const lines = await linesOf(registry);
  for (const line of [
    'vidette_stream_frames_total{outcome="detected"} 1',
    'vidette_stream_frames_total{outcome="dropped"} 3',
    'vidette_stream_gap_seconds_total{reason="camera_silent"} 2.5',
    'vidette_stream_gap_seconds_total{reason="overload"} 0',
    'vidette_stream_states_total{state="live"} 1',
  ]) {
    expect(lines).toContain(line);
  }
});

it('has the servers that were tried, and nothing else that a process waits for', async () => {
  const registry = createRegistry('video-worker');
  const readiness = createReadiness();
  addReadinessGauges([registry], 'video-worker', readiness);
  readiness.missing('model on cpu', 'not stored');
  readiness.found('object store');
  readiness.missing('Temporal', 'no reply');
  const lines = (await linesOf(registry)).filter((line) => /^vidette_(server|ready)/.test(line));
  expect(lines).toEqual([
    'vidette_ready{process="video-worker"} 0',
    'vidette_server_up{server="object_store"} 1',
    'vidette_server_up{server="temporal"} 0',
  ]);
});

it('measures scratch files once for scrapes that follow each other', async () => {
  const registry = new Registry();
  let reads = 0;
  const usedBytes = () => Promise.resolve(++reads);
  addScratchGauges([registry], import.meta.dirname, {
    frames: { limitBytes: 100, usedBytes },
    sources: { limitBytes: 200, usedBytes: () => Promise.resolve(0) },
  });
  await registry.metrics();
  const lines = await linesOf(registry);
  expect(lines).toContain('vidette_scratch_bytes{kind="frames"} 1');
  expect(lines).toContain('vidette_scratch_limit_bytes{kind="sources"} 200');
  expect(lines.some((line) => /^vidette_scratch_disk_free_ratio 0\.\d/.test(line))).toBe(true);
});

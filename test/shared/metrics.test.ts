import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { projectFile } from '../../platform/package-root.js';
import { renderSample } from '../../sample/render.js';
import { startScenario } from '../support/camera-scenarios.js';
import { alertQueries, dashboardQueries, type NamedQuery } from '../support/monitoring-queries.js';
import { makeMovingClip } from '../support/moving-camera.js';
import { plainImage } from '../support/plain-image.js';
import { findPrometheus, type Prometheus, startPrometheus } from '../support/prometheus.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';

const PREDICTIONS = 3;
const WAIT = { timeout: 30_000, interval: 500 };

const tools = await findPrometheus();

describe.skipIf(!tools)('the files for Prometheus', () => {
  const promtool = (...args: readonly string[]) =>
    execa(tools!.promtool, args, { reject: false, all: true, stdin: 'ignore' });
  const monitoring = projectFile('deploy/monitoring');

  it.each([
    ['check', 'config', 'prometheus.yml'],
    ['check', 'rules', 'rules/vidette.yml'],
    ['test', 'rules', 'tests/vidette.yml'],
  ])('pass promtool %s %s', async (command, what, file) => {
    const { exitCode, all } = await promtool(command, what, join(monitoring, file));
    expect(exitCode, all).toBe(0);
  });
});

/** Real processes, one job after another, images and a camera, on a real Prometheus. */
describe.skipIf(!tools)('the metrics of a stack', () => {
  let stack: SharedConnection;
  let prometheus: Prometheus;
  const ids = ['metrics-a', 'metrics-b'];
  beforeAll(async () => {
    stack = await connectSharedStack();
    const { apiUrl, workerUrls } = inject('sharedStack');
    const hostOf = (url: string) => new URL(url).host;
    prometheus = await startPrometheus(tools!, {
      'vidette-api': [hostOf(apiUrl)],
      'vidette-workers': Object.values(workerUrls).map(hostOf),
    });
    await work();
  });
  afterAll(async () => {
    await prometheus?.stop();
    await stack?.close();
  });

  /** Jobs and predictions, each twice with a scrape between them, because a rate needs two values. */
  async function work(): Promise<void> {
    await Promise.all([runJob(ids[0]!), predict()]);
    await watchFile();
    const scraped = async () => [
      (await prometheus.query('sum(vidette_frames_total) > 0')).length,
      (await prometheus.query('sum(predictions_total) > 0')).length,
      (await prometheus.query('sum(prediction_errors_total) > 0')).length,
    ];
    await vi.waitFor(async () => expect(await scraped()).toEqual([1, 1, 1]), WAIT);
    await Promise.all([runJob(ids[1]!), predict()]);
  }

  async function runJob(id: string): Promise<void> {
    const path = join(stack.folder, `${id}.mp4`);
    await renderSample({ path, ffmpegPath: stack.settings['VIDETTE_FFMPEG']! });
    await stack.putVideo(id, path);
    const { status } = await stack.run({ video_id: id, event_id: id, every: 10 });
    expect(status).toBe('ready');
  }

  /** Predicts on images, and on a file that is not one. */
  async function predict(): Promise<void> {
    const image = await plainImage(1);
    for (const body of [...Array<Buffer>(PREDICTIONS).fill(image), Buffer.from('not an image')]) {
      const form = new FormData();
      form.append('file', new Blob([new Uint8Array(body)]), 'metrics.png');
      const response = await fetch(`${stack.apiUrl}/predict`, { method: 'POST', body: form });
      expect(response.status).toBe(body === image ? 200 : 422);
    }
  }

  async function watchFile(): Promise<void> {
    const folder = join(stack.settings['VIDETTE_FILE_ROOT']!, 'metrics');
    await mkdir(folder, { recursive: true });
    const file = await makeMovingClip(join(folder, 'metrics-clip.mp4'), 3);
    const camera = { camera_url: `file://${file}`, pace: 'fast', fps: 2 } as const;
    await (await startScenario(stack, camera)).handle.result();
  }

  it('are read from each process', async () => {
    const states = async () => {
      const { activeTargets } = (await prometheus.get('targets')) as {
        activeTargets: readonly { health: string; lastError: string }[];
      };
      return activeTargets.map(({ health, lastError }) => [health, lastError]);
    };
    await expect.poll(states, WAIT).toEqual(Array(4).fill(['up', '']));
  });

  it.each([
    ['sum(vidette_jobs_total{status="ready"})', 2],
    ['sum(vidette_job_seconds_count)', 2],
    ['sum(vidette_stream_frames_total{outcome=~"detected|still"})', 6],
    ['sum(prediction_errors_total{code="bad-image"})', 2],
    ['sum(predictions_total{model=~"mock@.+"})', 2 * PREDICTIONS],
    ['sum(vidette_ranges_total{outcome="detected"})', 2],
    ['sum(vidette_ffmpeg_runs_total{outcome="ok"})', 2],
    ['count(vidette_build_info)', 4],
    ['sum(vidette_ready)', 4],
    ['count(vidette_server_up == 1)', 12],
    ['count(temporal_worker_task_slots_available{task_queue="detect-cpu"})', 1],
  ])('%s is at least %d', async (expression, least) => {
    const value = async () => (await prometheus.query(expression))[0]?.value ?? 0;
    await expect.poll(value, WAIT).toBeGreaterThanOrEqual(least);
  });

  it('answer each query of the dashboards and alerts', async () => {
    const queries = [...dashboardQueries(), ...alertQueries()];
    await expect.poll(() => unanswered(queries), WAIT).toEqual([]);
    console.log((await Promise.all(queries.map(lineOf))).join('\n'));
  });

  /** Names of the queries without a value that is a number. */
  async function unanswered(queries: readonly NamedQuery[]): Promise<string[]> {
    const answered = await Promise.all(queries.map(({ expression }) => numbersOf(expression)));
    return queries
      .filter((_, i) => answered[i]!.length === 0)
      .map(({ name, expression }) => `${name}: ${expression}`);
  }

  const numbersOf = async (expression: string) =>
    (await prometheus.query(expression)).map(({ value }) => value).filter(Number.isFinite);

  async function lineOf({ name, expression }: NamedQuery): Promise<string> {
    const numbers = (await numbersOf(expression)).slice(0, 6);
    return `${name}: ${numbers.map((value) => Number(value.toPrecision(4))).join(', ')}`;
  }

  it('make rules that Prometheus can evaluate', async () => {
    const { groups } = (await prometheus.get('rules')) as {
      groups: readonly { rules: readonly { name: string; health: string }[] }[];
    };
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(10);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
  });

  it('have no names of jobs, videos or files as labels', async () => {
    const names = (await prometheus.get('label/__name__/values')) as readonly string[];
    const own = names.filter((name) => /^(vidette|prediction|http|model|temporal)_/.test(name));
    expect(own.length).toBeGreaterThan(40);
    const series = await prometheus.query(`{__name__=~"${own.join('|')}"}`);
    const values = series.flatMap(({ metric }) => Object.values(metric));
    expect(values.filter((value) => /metrics-(a|b|clip)|video-host-./.test(value))).toEqual([]);
  });
});

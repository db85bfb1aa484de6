import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { JobDetails, Submitted } from '../../client/index.js';
import { projectFile } from '../../platform/package-root.js';
import { readStackState } from '../../stack/supervisor/stack-state.js';
import { makeClip } from '../support/clips.js';
import { type CommandLine, createCommandLine } from '../support/command-line.js';

const CLIP = {
  ...{ name: 'readme', extension: 'mp4', frames: 50 },
  options: ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '25'],
};
/** Frames of the sample video at `--every 5`. */
const SAMPLE_FRAMES = 100;

/** What `start` and `detect` print with `--json`. */
interface Detected {
  readonly event_id: string;
  readonly video_id: string;
  readonly status: string;
  readonly frames: number;
  readonly result: { readonly path: string | null };
}
interface Verdict {
  readonly ok: boolean;
  readonly checks: readonly { readonly name: string; readonly state: string }[];
}

// One data folder: the commands of the README, each as it is shown there.
let vidette: CommandLine;
let sample: Detected;
let detected: Detected;

beforeAll(async () => {
  vidette = await createCommandLine(inject('modelsDir'), { VIDETTE_MODEL: 'mock' });
  await makeClip(CLIP, join(vidette.folder, 'video.mp4'));
});
afterAll(() => vidette?.close());

async function npmStart(...args: string[]): Promise<Detected> {
  const command = ['start', '--silent', '--', ...args, '--json'];
  const { stdout } = await execa('npm', command, { cwd: projectFile('.'), env: vidette.env });
  return JSON.parse(stdout) as Detected;
}

const job = async (id: string) => (await vidette.json('job', id)) as JobDetails;

test('npm start -- --exit runs the sample, writes its result and stops everything', async () => {
  sample = await npmStart('--exit');
  expect(sample).toMatchObject({ status: 'ready', frames: SAMPLE_FRAMES });
  const result = JSON.parse(await readFile(sample.result.path!, 'utf8')) as { frames: unknown[] };
  expect(result.frames).toHaveLength(SAMPLE_FRAMES);
  const status = Object.values((await vidette.json('status')) as Record<string, { state: string }>);
  expect(new Set(status.map(({ state }) => state))).toEqual(new Set(['stopped']));
});

test('npm start -- video.mp4 uses the stack that is up', async () => {
  await vidette.json('up');
  detected = await npmStart(join(vidette.folder, 'video.mp4'));
  expect(detected).toMatchObject({ status: 'ready', frames: 10 });
});

test('export writes each text format to standard output, and to a file with --out', async () => {
  const id = detected.event_id;
  const csv = await vidette.run('export', id, '--format', 'csv');
  expect(csv.exitCode).toBe(0);
  expect(csv.stdout).toMatch(/^x_min,y_min,x_max,y_max,class_id,/);
  const path = join(vidette.folder, 'out.json');
  const exported = await vidette.json('export', id, '--format', 'coco', '--out', path);
  expect(exported).toEqual({ event_id: id, format: 'coco', path });
  const coco = JSON.parse(await readFile(path, 'utf8')) as { images: unknown[] };
  expect(coco.images).toHaveLength(10);
});

test('export names the formats it supports', async () => {
  const wrong = await vidette.run('export', detected.event_id, '--format', 'xml');
  expect(wrong.exitCode).toBe(2);
  expect(wrong.stderr).toContain('coco');
});

test('rerun starts a new job that refers to the first, and cancel ends it', async () => {
  const args = ['rerun', sample.event_id, '--every', '1', '--no-wait'];
  const { event_id } = (await vidette.json(...args)) as Submitted;
  expect(event_id).not.toBe(sample.event_id);
  const cancelled = await vidette.json('cancel', event_id);
  expect(cancelled).toMatchObject({ event_id, status: 'cancelled', rerun_of: sample.event_id });
});

test('rerun waits for its result', async () => {
  const again = (await vidette.json('rerun', detected.event_id, '--conf', '0.5')) as Detected;
  expect(again).toMatchObject({ status: 'ready', frames: 10, video_id: detected.video_id });
  expect(await job(again.event_id)).toMatchObject({ rerun_of: detected.event_id });
});

test('init prepares a cluster, and again without a change', async () => {
  const { steps } = (await vidette.json('init')) as { steps: string[] };
  expect(steps.map((step) => step.split(':')[0])).toEqual([
    ...['Temporal', 'document store', 'object store', 'model "mock"', 'model'],
  ]);
  expect(await vidette.json('init')).toEqual({ steps });
});

test('doctor finds everything in place while the stack runs', async () => {
  const { ok, checks } = (await vidette.json('doctor')) as Verdict;
  expect(ok).toBe(true);
  for (const name of [
    'Node',
    'ffmpeg',
    'ffprobe',
    'temporal',
    'versitygw',
    'model',
    'stack',
    'search attributes',
  ]) {
    expect(checks).toContainEqual(expect.objectContaining({ name, state: 'ok' }));
  }
});

test('doctor fails and names the tool that is missing', async () => {
  const env = { ...vidette.env, VIDETTE_FFMPEG: join(vidette.folder, 'no-ffmpeg') };
  const main = projectFile('dist/cli/main.js');
  const options = { env, extendEnv: false, reject: false } as const;
  const { exitCode, stdout } = await execa(process.execPath, [main, 'doctor', '--json'], options);
  const { ok, checks } = JSON.parse(stdout) as Verdict;
  expect({ exitCode, ok }).toEqual({ exitCode: 1, ok: false });
  const message = expect.stringContaining('VIDETTE_FFMPEG: ') as string;
  const missing = { name: 'ffmpeg', state: 'missing', message };
  expect(checks).toContainEqual(expect.objectContaining(missing));
});

test("Temporal's CLI starts a job and queries its progress", async () => {
  const { plan } = (await readStackState(vidette.dataDir))!;
  const temporal = (...args: string[]) =>
    execa(plan.tools.temporal, [
      ...['workflow', ...args, '--workflow-id', 'cars-1'],
      ...['--address', `127.0.0.1:${plan.ports.temporal}`],
    ]);
  const input = JSON.stringify({ video_id: detected.video_id });
  await temporal('start', '--type', 'VideoDetection', '--task-queue', 'video', '--input', input);
  await expect.poll(() => job('cars-1')).toMatchObject({ status: 'ready' });
  const { stdout } = await temporal('query', '--type', 'progress');
  expect(stdout).toMatch(/"frames_done":\s*10/);
  const jobs = await vidette.json('jobs');
  expect(jobs).toContainEqual(expect.objectContaining({ event_id: 'cars-1', status: 'ready' }));
});

import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import type { Batch, Job } from '../../../client/index.js';
import type { DetectionResult } from '../../../domain/result/result.js';
import { projectFile } from '../../../platform/package-root.js';
import type { CliCase, Detected } from './case.js';

/** Detects in several videos. */
export function testBatches(cli: () => CliCase): void {
  test('detects several videos, and names one that it rejects', async () => {
    await mkdir(join(cli().vidette.folder, 'clips'));
    await copyFile(
      join(cli().vidette.folder, 'My clip.mp4'),
      join(cli().vidette.folder, 'clips/copy.mp4'),
    );
    await writeFile(join(cli().vidette.folder, 'clips/empty.mp4'), '');
    const { stdout, exitCode } = await cli().vidette.run(
      ...['detect', 'clips', 'My clip.mp4', '--out', 'results', '--json'],
    );
    expect(exitCode).toBe(1);
    const { batch_id, jobs, rejected } = JSON.parse(stdout) as {
      readonly batch_id: string;
      readonly jobs: readonly (Detected & { readonly name: string; readonly status: string })[];
      readonly rejected: readonly unknown[];
    };
    expect(batch_id).toMatch(/^batch-[0-9a-f]{12}$/);
    expect(rejected).toMatchObject([{ name: 'empty.mp4', error: { code: 'BAD_VIDEO' } }]);
    expect(jobs.map(({ name, status }) => ({ name, status }))).toEqual([
      { name: 'copy.mp4', status: 'ready' },
      { name: 'My clip.mp4', status: 'ready' },
    ]);
    expect(jobs[1]?.event_id).toBe(cli().detected.event_id);
    for (const { event_id, result } of jobs) {
      const text = await readFile(result.path ?? '', 'utf8');
      expect((JSON.parse(text) as DetectionResult).event_id).toBe(event_id);
    }
  });

  test('lists and shows a batch, and writes the objects of its videos as one CSV', async () => {
    const [batch] = (await cli().vidette.json('batches')) as Batch[];
    expect(batch).toMatchObject({ status: 'ready', total: 2, ready: 2 });
    const { batch_id = '' } = batch ?? {};
    const [written, printed, jobs, retried] = await Promise.all([
      cli().vidette.json('batch', batch_id, '--csv', 'all.csv'),
      cli().vidette.run('batch', batch_id, '--csv', '-'),
      cli().vidette.json('jobs', '--batch', batch_id),
      cli().vidette.json('batch', batch_id, '--retry'),
    ]);
    expect(written).toEqual({ ...batch, csv: join(cli().vidette.folder, 'all.csv') });
    const csv = await readFile(join(cli().vidette.folder, 'all.csv'), 'utf8');
    expect(csv).toMatch(/^video,x_min,/);
    expect(printed.stdout).toBe(csv.trimEnd());
    expect((jobs as Job[]).map(({ event_id }) => event_id)).toContain(cli().detected.event_id);
    expect(retried).toEqual({ ...batch, csv: null });
  });

  test('submits a list from standard input without waiting', async () => {
    const submitted = await execa(
      process.execPath,
      [projectFile('dist/cli/main.js'), 'detect', '-', '--no-wait', '--json'],
      {
        cwd: cli().vidette.folder,
        env: cli().vidette.env,
        extendEnv: false,
        input: 'clips/copy.mp4\n',
      },
    );
    const copy = expect.stringMatching(/^copy-/) as string;
    expect(JSON.parse(submitted.stdout)).toEqual({
      batch_id: expect.stringMatching(/^batch-/) as string,
      jobs: [{ name: 'copy.mp4', event_id: copy, video_id: copy }],
      rejected: [],
    });
  });
}

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Job } from '../../../client/index.js';
import type { DetectionResult } from '../../../domain/result/result.js';
import { type CliCase, expectOneError, SAMPLED } from './case.js';

/** Detects in one video, and shows its job. */
export function testJobs(cli: () => CliCase): void {
  test('detects, prints JSON and writes the result', async () => {
    cli().detected = await cli().detect('--out', 'out.json');
    const path = join(cli().vidette.folder, 'out.json');
    expect(cli().detected).toEqual({
      event_id: expect.stringMatching(/^my-clip-[0-9a-f]{12}-[0-9a-f]{12}$/) as string,
      video_id: expect.stringMatching(/^my-clip-[0-9a-f]{12}$/) as string,
      status: 'ready',
      frames: SAMPLED,
      skipped: 0,
      objects: expect.any(Number) as number,
      objects_by_class: expect.any(Object) as object,
      seconds: expect.any(Number) as number,
      fps: expect.any(Number) as number,
      device: expect.stringContaining('cpu') as string,
      result: { bucket: 'results', key: `results/${cli().detected.event_id}.json`, path },
    });
    const result = JSON.parse(await readFile(path, 'utf8')) as DetectionResult;
    expect(result).toMatchObject({
      event_id: cli().detected.event_id,
      video_id: cli().detected.video_id,
    });
    expect(result.frames.map(({ frame }) => frame)).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40, 45]);
  });

  test('returns the same job when detect is repeated', async () => {
    const { stdout, stderr } = await cli().vidette.run(
      ...['detect', 'My clip.mp4', '--out', 'out.json', '--json'],
    );
    // Equal seconds: nothing ran a second time.
    expect(JSON.parse(stdout)).toEqual(cli().detected);
    expect(stderr).toContain(`job ${cli().detected.event_id} exists already`);
  });

  test('shows the job in jobs and job', async () => {
    const { event_id, video_id } = cli().detected;
    const shown = { event_id, video_id, status: 'ready', error: null };
    const [jobs, job] = await Promise.all([
      cli().vidette.json('jobs'),
      cli().vidette.json('job', event_id),
    ]);
    expect(jobs).toEqual([expect.objectContaining(shown)]);
    expect(job).toMatchObject(shown);
  });

  test('reports a file that is not a video in one line', async () => {
    await writeFile(join(cli().vidette.folder, 'zeros.mp4'), Buffer.alloc(1000));
    const ended = await cli().vidette.run('detect', 'zeros.mp4');
    expect(ended).toMatchObject({ exitCode: 1, stdout: '' });
    expectOneError(ended);
    expect(ended.stderr).toMatch(/^error: job zeros-\S+ failed: BAD_VIDEO: /m);
  });

  test('rejects a text before it is uploaded', async () => {
    await writeFile(join(cli().vidette.folder, 'notes.mp4'), 'not a video\n');
    const ended = await cli().vidette.run('detect', 'notes.mp4');
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
    expectOneError(ended);
    expect(ended.stderr).toContain('notes.mp4 is a text file. Give a video file.');
  });

  test('filters jobs, and shows the options, counts and page of one', async () => {
    const { event_id } = cli().detected;
    const ids = async (...filter: string[]) => {
      const jobs = (await cli().vidette.json('jobs', ...filter)) as Job[];
      return jobs.map((job) => job.event_id);
    };
    const [recent, ofModel, ofClass, job] = await Promise.all([
      ids('--video', 'My clip.mp4', '--since', '1h'),
      ids('--model', 'another'),
      ids('--class', 'not-a-class'),
      cli().vidette.json('job', event_id),
    ]);
    expect({ recent, ofModel, ofClass }).toEqual({ recent: [event_id], ofModel: [], ofClass: [] });
    expect(job).toMatchObject({
      parameters: { every: 5 },
      device: 'auto',
      objects_by_class: expect.any(Object) as object,
      page: expect.stringMatching(
        new RegExp(`^http://127.0.0.1:\\d+/#/job/${event_id}$`),
      ) as string,
    });
  });
}

import { Option } from 'commander';
import { isClosed, JOB_STATUSES, type JobStatus } from '../../domain/job/job-status.js';
import { addExamples, type DefineCommand, withServers } from '../command.js';
import { toCount } from '../detection-options.js';
import { toTime } from '../duration.js';
import { formatJob } from '../job-text.js';
import { formatJobs } from '../jobs-text.js';
import { readJobView } from '../job-view.js';

interface JobsFlags {
  readonly limit: number;
  readonly status?: JobStatus;
  readonly model?: string;
  readonly video?: string;
  readonly class?: string;
  readonly batch?: string;
  readonly since?: Date;
}

export const defineJobs: DefineCommand = (command, { createApp }) => {
  addExamples(
    command,
    'jobs',
    'jobs --status failed --since 2d',
    'jobs --video cars.mp4 --model yolov8n --class dog --json',
  )
    .option('--limit <n>', 'maximum number of jobs', toCount, 20)
    .addOption(
      new Option('--status <status>', 'only jobs with this status').choices([...JOB_STATUSES]),
    )
    .option('--model <model>', 'only jobs of this model: name, name@version or name@alias')
    .option('--video <video>', 'only jobs of videos whose file name or video_id contains this')
    .option('--class <class>', 'only finished jobs that detected this class')
    .option('--batch <id>', 'only jobs of this batch')
    .option(
      '--since <time>',
      'only jobs started since a date, or a duration ago such as 2h or 7d',
      (text) => toTime(text),
    )
    .action(async ({ class: className, limit, ...flags }: JobsFlags) => {
      const app = await createApp();
      const filter = { ...flags, className };
      const jobs = await withServers(app, ({ client }) => client.jobs({ ...filter, limit }));
      const isFiltered = Object.values(filter).some((value) => value !== undefined);
      app.out.result(jobs, formatJobs(jobs, isFiltered));
    });
};

export const defineJob: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'job cars-0f3a2b1c9d8e-5d1f0c7a9b3e')
    .option('--out <file>', 'write its result to this file as JSON')
    .action(async (id: string, { out: path }: { readonly out?: string }) => {
      const app = await createApp();
      await withServers(app, async (servers) => {
        const view = await readJobView(app, servers, id);
        if (path !== undefined) await servers.client.resultFile(id, path);
        app.out.result(view, formatJob(view));
      });
    });
};

export const defineCancel: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'cancel cars-0f3a2b1c9d8e-5d1f0c7a9b3e').action(async (id: string) => {
    const app = await createApp();
    await withServers(app, async (servers) => {
      const { client } = servers;
      const before = await client.cancel(id);
      if (!isClosed(before.status)) {
        app.out.step('cancelling (a few seconds)');
        for await (const _ of client.status(id, { signal: app.signal }));
      }
      const view = await readJobView(app, servers, id);
      app.out.result(view, formatJob(view));
    });
  });
};

import { type Command, Option } from 'commander';
import { isClosed, JOB_STATUSES, type JobStatus } from '../../domain/job/job-status.js';
import { type CreateApp, newCommand, setExitCode, withServers } from '../command.js';
import {
  addDetectionOptions,
  type DetectionFlags,
  detectionOptionsOf,
  toNumber,
} from '../detection-options.js';
import { exitCodeOfJob } from '../exit-codes.js';
import { formatJob, formatJobs } from '../format.js';
import { expectModelFile, resolveModel } from '../models/use-model.js';
import { showReport } from '../report-text.js';
import { followJob } from '../run-job.js';

interface JobsFlags {
  readonly limit: number;
  readonly status?: JobStatus;
}

interface RerunFlags extends DetectionFlags {
  readonly eventId?: string;
  readonly priority?: number;
  readonly wait: boolean;
}

export function jobsCommand(createApp: CreateApp): Command {
  return newCommand('jobs', 'list jobs, newest first', ['jobs', 'jobs --status failed --json'])
    .option('--limit <n>', 'maximum number of jobs', toNumber, 20)
    .addOption(
      new Option('--status <status>', 'only jobs with this status').choices([...JOB_STATUSES]),
    )
    .action(async ({ limit, status }: JobsFlags) => {
      const app = createApp();
      const jobs = await withServers(app, ({ client }) => client.jobs({ limit, status }));
      app.out.result(jobs, formatJobs(jobs));
    });
}

export function jobCommand(createApp: CreateApp): Command {
  return newCommand('job', 'show a job', ['job cars-0f3a2b1c9d8e-5d1f0c7a9b3e'])
    .argument('<id>', 'event_id of the job')
    .option('--out <file>', 'write its result to this file as JSON')
    .action(async (id: string, { out: path }: { readonly out?: string }) => {
      const app = createApp();
      await withServers(app, async ({ client }) => {
        const job = await client.job(id);
        if (path !== undefined) await client.resultFile(id, path);
        app.out.result(job, formatJob(job));
      });
    });
}

export function cancelCommand(createApp: CreateApp): Command {
  return newCommand('cancel', 'cancel a job and keep its detections', [
    'cancel cars-0f3a2b1c9d8e-5d1f0c7a9b3e',
  ])
    .argument('<id>', 'event_id of the job')
    .action(async (id: string) => {
      const app = createApp();
      await withServers(app, async ({ client }) => {
        const before = await client.cancel(id);
        if (!isClosed(before.status)) {
          app.out.step('cancelling (a few seconds)');
          for await (const _ of client.status(id, { signal: app.signal }));
        }
        const job = await client.job(id);
        app.out.result(job, formatJob(job));
      });
    });
}

export function rerunCommand(createApp: CreateApp): Command {
  const command = newCommand('rerun', 'run a job again as a new job, with changed options', [
    'rerun cars-0f3a2b1c9d8e-5d1f0c7a9b3e --conf 0.5',
    'rerun cars-0f3a2b1c9d8e-5d1f0c7a9b3e --model yolov8n --no-wait',
  ])
    .argument('<id>', 'event_id of the original job')
    .option('--priority <1..5>', 'priority: 1 is the highest, 5 the lowest (default: 3)', toNumber)
    .option('--event-id <id>', 'event_id of the new job')
    .option('--no-wait', 'do not wait for the result');
  return addDetectionOptions(command).action(async (id: string, flags: RerunFlags) => {
    const app = createApp();
    const { eventId, priority } = flags;
    const changes = { ...detectionOptionsOf(flags), event_id: eventId, priority };
    await expectModelFile(changes.model);
    await withServers(app, async ({ client, models }) => {
      // Options that are not given keep their value, including the model.
      const use = { config: { ...app.config, model: undefined }, models, onStep: app.out.step };
      const model = await resolveModel(use, changes.model);
      const submitted = await client.rerun(id, { ...changes, model });
      app.out.step(`job ${submitted.event_id} started, a rerun of ${id}`);
      if (!flags.wait) return app.out.result(submitted, submitted.event_id);
      const report = await followJob(app, client, submitted.event_id);
      showReport(app.out, report, { path: null });
      setExitCode(exitCodeOfJob(report.job.status));
    });
  });
}

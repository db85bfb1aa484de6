import { type Command, Option } from 'commander';
import type { ScheduleInfo, Schedules } from '../../client/index.js';
import { OVERLAPS } from '../../client/schedules/schedule-times.js';
import {
  addExamples,
  type CreateApp,
  type DefineCommand,
  newCommand,
  withServers,
} from '../command.js';
import {
  addDetectionOptions,
  type DetectionFlags,
  detectionOptionsOf,
} from '../detection-options.js';
import { toSeconds } from '../duration.js';
import { formatTable, formatTime } from '../format.js';
import { reportIngest } from '../run-job.js';
import {
  addRetrainOptions,
  type RetrainFlags,
  retrainOptionsOf,
} from '../retrain/retrain-options.js';
import { videoOf } from '../detect/video-argument.js';

interface TimeFlags {
  readonly cron?: string;
  readonly interval?: number;
  readonly timezone?: string;
  readonly catchup: number;
  readonly paused?: boolean;
}

interface CreateFlags extends DetectionFlags, TimeFlags {
  readonly id: string;
  readonly overlap: (typeof OVERLAPS)[number];
  readonly rerunOf?: string;
  readonly eventId?: string;
}

export const defineSchedule: DefineCommand = (schedule, { createApp }) => {
  addExamples(
    schedule,
    'schedule create cars.mp4 --id nightly --cron "0 3 * * *" --timezone Europe/Berlin',
    'schedule retrain fish --cron "0 4 * * 1" --build --min-new 50',
    'schedule list',
    'schedule trigger nightly',
  );
  schedule.addCommand(createScheduleCommand(createApp));
  schedule.addCommand(retrainCommand(createApp));
  schedule.addCommand(listCommand(createApp));
  for (const [name, done, description] of CHANGES) {
    schedule.addCommand(changeCommand(createApp, name, done, description));
  }
};

function createScheduleCommand(createApp: CreateApp): Command {
  const command = addTimeOptions(
    newCommand('create', 'create a schedule', [
      'schedule create cars.mp4 --id nightly --cron "0 3 * * *"',
      'schedule create cars-0f3a2b1c9d8e --id hourly --interval 1h --model yolov8n --overlap buffer_one',
    ])
      .argument('<video>', 'a file, a URL or a video_id')
      .requiredOption('--id <id>', 'name of the schedule'),
  )
    .addOption(
      new Option(
        '--overlap <policy>',
        'what to do if a run is due while the previous one is running',
      )
        .choices([...OVERLAPS])
        .default('skip'),
    )
    .option('--rerun-of <id>', 'event_id that each run refers to')
    .option('--event-id <id>', 'not supported: each run is a new job with its own event_id');
  return addDetectionOptions(command).action(async (text: string, flags: CreateFlags) => {
    const { createModelRuns } = await import('../../models/add/model-runs.js');
    const { expectModelFile, resolveModel } = await import('../models/use-model.js');
    const app = await createApp();
    await expectModelFile(flags.model);
    const info = await withServers(app, async ({ client, models }) => {
      const runs = createModelRuns({ limits: app.config, signal: app.signal });
      const use = { config: app.config, models, runs, onStep: app.out.step };
      const model = await resolveModel(use, flags.model);
      const options = { signal: app.signal, onIngest: reportIngest(app.out) };
      const videoId = await client.upload(await videoOf(text), options);
      return client.schedule.create(requestOf(videoId, { ...flags, model }));
    });
    app.out.result(info, formatSchedules([info]));
  });
}

function addTimeOptions(command: Command): Command {
  return command
    .option('--cron <expression>', 'when to run: minute hour day month weekday, or @daily')
    .option('--interval <duration>', 'time between runs, such as 90s, 15m, 1h, 2d', toSeconds)
    .option('--timezone <zone>', 'time zone of --cron (default: UTC)')
    .option(
      '--catchup <duration>',
      'how late a missed run may start, in seconds or as a duration',
      toSeconds,
      3600,
    )
    .option('--paused', 'create it paused');
}

function timesOf({ cron, interval, timezone, catchup, paused }: TimeFlags) {
  return { cron, interval_s: interval, timezone, catchup_s: catchup, paused };
}

function retrainCommand(createApp: CreateApp): Command {
  const command = newCommand('retrain', 'create a schedule of retrainings of a model', [
    'schedule retrain fish --cron "0 4 * * 1" --build --min-new 50',
    'schedule retrain fish --id fish-nightly --interval 1d --build --by-rule',
  ])
    .argument('<model>', 'name of the model')
    .option('--id <id>', 'name of the schedule (default: retrain-MODEL)');
  return addRetrainOptions(addTimeOptions(command)).action(
    async (model: string, flags: RetrainFlags & TimeFlags & { readonly id?: string }) => {
      const app = await createApp();
      const request = {
        ...{ ...timesOf(flags), schedule_id: flags.id ?? `retrain-${model}` },
        ...{ model, options: retrainOptionsOf(flags) },
      };
      const info = await withServers(app, ({ client }) =>
        client.schedule.createRetraining(request),
      );
      app.out.result(info, formatSchedules([info]));
    },
  );
}

function requestOf(videoId: string, flags: CreateFlags) {
  const { id, overlap, rerunOf, eventId } = flags;
  return {
    schedule_id: id,
    input: {
      ...detectionOptionsOf(flags),
      video_id: videoId,
      ...(rerunOf !== undefined && { rerun_of: rerunOf }),
      ...(eventId !== undefined && { event_id: eventId }),
    },
    ...{ ...timesOf(flags), overlap },
  };
}

function listCommand(createApp: CreateApp): Command {
  return newCommand('list', 'list schedules', ['schedule list --json']).action(async () => {
    const app = await createApp();
    const schedules = await withServers(app, ({ client }) => client.schedule.list());
    app.out.result(schedules, formatSchedules(schedules));
  });
}

type Change = keyof Pick<Schedules, 'pause' | 'unpause' | 'trigger' | 'delete'>;

const CHANGES: readonly (readonly [name: Change, done: string, description: string])[] = [
  ['pause', 'Paused', 'pause a schedule'],
  ['unpause', 'Resumed', 'resume a paused schedule'],
  ['trigger', 'Started a run of', 'start a run now'],
  ['delete', 'Deleted', 'delete a schedule and keep its jobs'],
];

function changeCommand(createApp: CreateApp, name: Change, done: string, description: string) {
  return newCommand(name, description, [`schedule ${name} nightly`])
    .argument('<id>', 'name of the schedule')
    .action(async (id: string) => {
      const app = await createApp();
      await withServers(app, ({ client }) => client.schedule[name](id));
      app.out.result({ schedule_id: id, done: name }, `${done} schedule ${id}.`);
    });
}

function formatSchedules(schedules: readonly ScheduleInfo[]): string {
  if (schedules.length === 0) return 'No schedules. Create one with "vidette schedule create".';
  const rows = schedules.map(({ schedule_id, video_id, model, when, paused, next, recent }) => [
    schedule_id,
    video_id ?? (model === null ? '-' : `retrain ${model}`),
    when ?? '-',
    paused ? 'paused' : 'active',
    formatTime(next[0] ?? null),
    recent.at(-1)?.event_id ?? '-',
  ]);
  return formatTable([['SCHEDULE', 'VIDEO', 'WHEN', 'STATE', 'NEXT', 'LAST JOB'], ...rows]);
}

import { resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../domain/errors.js';
import { isModelPath } from '../../domain/model/model-spec.js';
import { checkSubmitOptions, type SubmitOptions, type VidetteClient } from '../../client/index.js';
import type { App } from '../app.js';
import { chosenModel } from '../../stack/model-sources/chosen-model.js';
import { type CreateApp, newCommand, setExitCode } from '../command.js';
import { addConsentOptions, type ConsentFlags } from '../consent.js';
import { hasServers, withClient } from '../connect.js';
import {
  addDetectionOptions,
  type DetectionFlags,
  detectionOptionsOf,
  toNumber,
} from '../detection-options.js';
import { exitCodeOfJob, Interrupted } from '../exit-codes.js';
import { expectModelFile, resolveModel } from '../models/use-model.js';
import { showReport } from '../report-text.js';
import { followJob, type JobReport, submitVideo } from '../run-job.js';
import { videoOf } from '../video-argument.js';
import { type StackInUse, withStack } from '../with-stack.js';

/** Options of a submission in addition to those of detection. */
export interface SubmitFlags extends DetectionFlags {
  readonly force?: boolean;
  readonly priority?: number;
  readonly eventId?: string;
}

interface DetectFlags extends SubmitFlags, ConsentFlags {
  readonly source?: string;
  readonly out?: string;
}

const EXAMPLES = [
  'detect cars.mp4',
  'detect cars.mp4 --every 2 --classes car,bus --out cars.json',
  'detect https://example.org/cars.mp4 --model yolov8n --frames none',
  'detect cars-0f3a2b1c9d8e --conf 0.4 --no-preprocess --json',
  'detect source=cars.mp4 vid_stride=2 conf=0.4',
];

export function detectCommand(createApp: CreateApp): Command {
  const command = newCommand(
    'detect',
    'detect objects in a video and wait for the result',
    EXAMPLES,
  )
    .argument('[video]', 'a file, a URL (https://...), or the video_id of an ingested video')
    .option('-s, --source <video>', 'alias of the argument')
    .option('--out <file>', 'write the result to this file as JSON');
  addConsentOptions(addSubmitOptions(command));
  return command.action(async (video: string | undefined, flags: DetectFlags) => {
    const app = createApp(flags);
    const report = await detect(app, requireVideo(video, flags.source), flags);
    setExitCode(exitCodeOfJob(report.job.status));
  });
}

/** Adds the options of a submission. */
export function addSubmitOptions(command: Command): Command {
  return addDetectionOptions(command)
    .option('--force', 'start a new job even if the same one exists')
    .option('--priority <1..5>', 'priority: 1 is the highest, 5 the lowest (default: 3)', toNumber)
    .option('--event-id <id>', 'event_id of the job (default: derived from its input)');
}

export function submitOptionsOf(flags: SubmitFlags): SubmitOptions {
  const { force, priority, eventId } = flags;
  const options = {
    ...detectionOptionsOf(flags),
    ...(force && { force }),
    ...(priority !== undefined && { priority }),
    ...(eventId !== undefined && { event_id: eventId }),
  };
  // Reject invalid options before starting servers or reading files.
  const isFile = options.model !== undefined && isModelPath(options.model);
  checkSubmitOptions(isFile ? { ...options, model: undefined } : options);
  return options;
}

function requireVideo(argument: string | undefined, source: string | undefined): string {
  const video = argument ?? source;
  if (video !== undefined) return video;
  throw new AppError('INVALID_INPUT', 'Missing video. Give a file, a URL or a video_id.');
}

async function detect(app: App, text: string, flags: DetectFlags): Promise<JobReport> {
  const options = submitOptionsOf(flags);
  const video = await videoOf(text);
  const path = flags.out === undefined ? null : resolve(flags.out);
  await expectModelFile(options.model ?? app.config.model);
  return withServersOrStack(app, options.model, ({ config, owned }) =>
    withClient(config, async ({ client, models }) => {
      const use = { config: app.config, models, onStep: app.out.step };
      const model = await resolveModel(use, options.model);
      const { event_id } = await submitVideo(app, client, video, { ...options, model });
      const report = await followOrLeave(app, client, event_id, owned);
      const written = report.overview ? path : null;
      if (written !== null) await client.resultFile(event_id, written);
      showReport(app.out, report, { path: written });
      if (owned && written === null && report.overview) {
        app.out.note(
          'The result is stored in the data folder. Use --out FILE to write it to a file.',
        );
      }
      return report;
    }),
  );
}

/** Uses a running stack or the environment's servers; else starts a stack for this job. */
async function withServersOrStack<T>(
  app: App,
  model: string | undefined,
  work: (stack: StackInUse) => Promise<T>,
): Promise<T> {
  if (hasServers(app.config)) return work({ config: app.config, owned: false });
  const config = { ...app.config, model: model ?? app.config.model };
  // A stack for this job alone needs no model other than the one that is already on this machine.
  const isHere = (await chosenModel(config)) !== undefined;
  return withStack(isHere ? { ...app, config } : app, work);
}

async function followOrLeave(
  app: App,
  client: VidetteClient,
  eventId: string,
  owned: boolean,
): Promise<JobReport> {
  try {
    return await followJob(app, client, eventId);
  } catch (error) {
    if (error instanceof Interrupted) throw new Interrupted(interruptedJobText(eventId, owned));
    throw error;
  }
}

/** Describes what happens to a job after Ctrl-C. */
export function interruptedJobText(eventId: string, owned: boolean): string {
  return owned
    ? `Interrupted. Job ${eventId} is paused; it resumes when the stack is started again, by the same command or "vidette up".`
    : `Interrupted. Job ${eventId} continues. Show it with "vidette job ${eventId}"; stop it with "vidette cancel ${eventId}".`;
}

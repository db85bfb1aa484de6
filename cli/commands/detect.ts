import { resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../domain/errors.js';
import { isModelPath } from '../../domain/model/model-spec.js';
import { checkSubmitOptions, type SubmitOptions, type VidetteClient } from '../../client/index.js';
import type { App } from '../app.js';
import { chosenModel } from '../../stack/model-sources/chosen-model.js';
import { type CreateApp, newCommand, setExitCode } from '../command.js';
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

/** Options of a submission, beside those of detection. */
export interface SubmitFlags extends DetectionFlags {
  readonly force?: boolean;
  readonly priority?: number;
  readonly eventId?: string;
}

interface DetectFlags extends SubmitFlags {
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
  const command = newCommand('detect', 'detect the objects of a video and wait for it', EXAMPLES)
    .argument('[video]', 'a file, an address (https://...), or the video_id of a former video')
    .option('-s, --source <video>', 'the same as the argument')
    .option('--out <file>', 'write the result there, as JSON');
  return addSubmitOptions(command).action(async (video: string | undefined, flags: DetectFlags) => {
    const app = createApp();
    const report = await detect(app, theVideo(video, flags.source), flags);
    setExitCode(exitCodeOfJob(report.job.status));
  });
}

/** Adds what can be said about a job when it is submitted. */
export function addSubmitOptions(command: Command): Command {
  return addDetectionOptions(command)
    .option('--force', 'a new run, also when the same job was done before')
    .option('--priority <1..5>', '1 goes first, 5 last (default: 3)', toNumber)
    .option('--event-id <id>', 'id of your own for the job');
}

export function submitOptionsOf(flags: SubmitFlags): SubmitOptions {
  const { force, priority, eventId } = flags;
  const options = {
    ...detectionOptionsOf(flags),
    ...(force && { force }),
    ...(priority !== undefined && { priority }),
    ...(eventId !== undefined && { event_id: eventId }),
  };
  // Before servers are started and files are read for an option that is wrong.
  const isFile = options.model !== undefined && isModelPath(options.model);
  checkSubmitOptions(isFile ? { ...options, model: undefined } : options);
  return options;
}

function theVideo(argument: string | undefined, source: string | undefined): string {
  const video = argument ?? source;
  if (video !== undefined) return video;
  throw new AppError('INVALID_INPUT', 'Which video? Give a file, an address or a video_id.');
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
        app.out.note('The result lies in the data folder; --out FILE writes it to a file.');
      }
      return report;
    }),
  );
}

/** A running stack or the environment's servers, else a stack for the length of the job. */
async function withServersOrStack<T>(
  app: App,
  model: string | undefined,
  work: (stack: StackInUse) => Promise<T>,
): Promise<T> {
  if (hasServers(app.config)) return work({ config: app.config, owned: false });
  const config = { ...app.config, model: model ?? app.config.model };
  // A stack for this job alone needs no other network than one that is here already.
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
    if (error instanceof Interrupted) throw new Interrupted(whatGoesOn(eventId, owned));
    throw error;
  }
}

/** What a person who pressed Ctrl-C should know about the job. */
export function whatGoesOn(eventId: string, owned: boolean): string {
  return owned
    ? `Interrupted. Job ${eventId} stands still with the stack and goes on when it runs again: the same command, or "vidette up".`
    : `Interrupted; job ${eventId} goes on. Look at it with "vidette job ${eventId}", stop it with "vidette cancel ${eventId}".`;
}

import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { AppError } from '../../domain/errors.js';
import { EXPORT_FORMATS, type ExportFormat, type VidetteClient } from '../../client/index.js';
import type { App } from '../app.js';
import { Interrupted } from '../exit-codes.js';
import type { RenderProgress } from '../../domain/job/activity-contracts.js';
import type { Output } from '../output.js';
import { type CreateApp, newCommand, withServers } from '../command.js';

interface ExportFlags {
  readonly format: ExportFormat;
  readonly out?: string;
  readonly ids?: 'model' | 'coco91';
  readonly conf?: boolean;
  readonly cancel?: boolean;
}

const SAY_EVERY_MS = 5000;

const EXAMPLES = [
  'export cars-0f3a2b1c9d8e-5d1f0c7a9b3e --format csv > cars.csv',
  'export cars-0f3a2b1c9d8e-5d1f0c7a9b3e --format coco --ids coco91 --out cars.json',
  'export cars-0f3a2b1c9d8e-5d1f0c7a9b3e --format yolo --out labels.zip',
  'export cars-0f3a2b1c9d8e-5d1f0c7a9b3e --format mp4 --out cars.annotated.mp4',
  'export cars-0f3a2b1c9d8e-5d1f0c7a9b3e --format mp4 --cancel',
];

export function exportCommand(createApp: CreateApp): Command {
  return newCommand('export', 'write the result of a job in another form', EXAMPLES)
    .argument('<id>', 'its event_id')
    .addOption(
      new Option('--format <format>', 'form of the result')
        .choices([...EXPORT_FORMATS])
        .makeOptionMandatory(),
    )
    .option('--out <file>', 'write it there instead of to standard output')
    .addOption(
      new Option('--ids <ids>', "coco: category ids of the model, or COCO's own 91").choices([
        'model',
        'coco91',
      ]),
    )
    .option('--conf', 'yolo: end each line with the confidence')
    .option('--cancel', 'mp4: end the making of the video instead')
    .action(async (id: string, flags: ExportFlags) => {
      const app = createApp();
      await withServers(app, ({ client }) =>
        flags.cancel ? cancelVideo(app, client, id, flags) : exportTo(app, client, id, flags),
      );
    });
}

async function exportTo(
  { out, signal }: App,
  client: VidetteClient,
  id: string,
  { format, out: file, ids, conf }: ExportFlags,
): Promise<void> {
  const options = { ids, conf, signal, onProgress: tellProgress(out) };
  const stream = await client.exportStream(id, format, options).catch((error: unknown) => {
    const isGoingOn = error instanceof Interrupted && format === 'mp4';
    throw isGoingOn ? new Interrupted(whatGoesOn(id)) : error;
  });
  if (file === undefined) return pipeline(stream, process.stdout, { signal });
  const path = resolve(file);
  await writeWhole(stream, path, signal);
  out.result({ event_id: id, format, path }, path);
}

/** What a person who pressed Ctrl-C should know about the video. */
function whatGoesOn(id: string): string {
  return `Interrupted; the video of job ${id} goes on being made. The same command waits for it again, stop it with "vidette export ${id} --format mp4 --cancel".`;
}

async function cancelVideo(
  { out }: App,
  client: VidetteClient,
  id: string,
  { format }: ExportFlags,
): Promise<void> {
  if (format !== 'mp4') {
    throw new AppError(
      'INVALID_INPUT',
      '--cancel is for --format mp4: the others are not made ahead.',
    );
  }
  const cancelling = await client.cancelRendering(id, 'annotated');
  const text = cancelling
    ? `The video of job ${id} is given up within seconds.`
    : `No video of job ${id} is being made.`;
  out.result({ event_id: id, format, cancelling }, text);
}

/** Says how far a video is, every few seconds. */
function tellProgress({ step }: Output): (progress: RenderProgress) => void {
  let saidAt = 0;
  return ({ frames_done, frames_total }) => {
    const isBegun = frames_total > 0;
    if (!isBegun || Date.now() - saidAt < SAY_EVERY_MS) return;
    saidAt = Date.now();
    const share = Math.floor((100 * frames_done) / frames_total);
    step(
      `drawing the objects into the video: ${frames_done} of ${frames_total} frames (${share} %)`,
    );
  };
}

/** A file that is there is whole: an export that breaks off leaves what was there before. */
async function writeWhole(stream: Readable, path: string, signal: AbortSignal): Promise<void> {
  const draft = `${path}.${process.pid}.partial`;
  try {
    await pipeline(stream, createWriteStream(draft), { signal });
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

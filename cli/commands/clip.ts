import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { InvalidArgumentError } from 'commander';
import type { ClipRequest, VidetteClient } from '../../client/index.js';
import { AppError } from '../../domain/errors.js';
import type { App } from '../app.js';
import { toClockMs } from '../clock.js';
import { addExamples, type DefineCommand, withServers } from '../command.js';
import { Interrupted } from '../exit-codes.js';
import { notForTerminal } from '../not-for-terminal.js';
import { reportRender } from '../render-progress.js';
import { writeWhole } from '../write-whole.js';

interface ClipFlags {
  /** Milliseconds. */
  readonly from?: number;
  readonly to?: number;
  readonly track?: number;
  readonly margin?: number;
  readonly boxes: boolean;
  readonly onlyTrack?: boolean;
  readonly out?: string;
  readonly cancel?: boolean;
}

export const defineClip: DefineCommand = (command, { createApp }) => {
  addExamples(
    command,
    'clip cars-0f3a2b1c9d8e-5d1f0c7a9b3e --track 7 --out car.mp4',
    'clip cars-0f3a2b1c9d8e-5d1f0c7a9b3e --from 0:12 --to 0:20 --no-boxes --out crossing.mp4',
    'clip cars-0f3a2b1c9d8e-5d1f0c7a9b3e --track 7 --cancel',
  )
    .option('--from <time>', 'start, in seconds or as 0:12 (default: the start)', toClockMs)
    .option('--to <time>', 'end, exclusive (default: the end)', toClockMs)
    .option('--track <id>', 'show the time of a track instead', toTrackId)
    .option('--margin <time>', 'time before and after the track (default: 1)', toClockMs)
    .option('--no-boxes', 'draw nothing')
    .option('--only-track', 'draw only the boxes of the track')
    .option('--out <file>', 'write to this file (default: standard output)')
    .option('--cancel', 'cancel the render instead')
    .action(async (id: string, flags: ClipFlags) => {
      if (process.stdout.isTTY && flags.out === undefined && !flags.cancel) {
        throw notForTerminal('A clip is binary and');
      }
      const request = requestOf(flags);
      const app = await createApp();
      const run = flags.cancel ? cancel : write;
      await withServers(app, ({ client }) => run(app, client, { id, request, out: flags.out }));
    });
};

function toTrackId(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected the id of a track, such as 7.');
}

function requestOf({ from, to, track, margin, boxes, onlyTrack }: ClipFlags): ClipRequest {
  if (onlyTrack && !boxes) {
    throw new AppError('INVALID_INPUT', '--only-track and --no-boxes exclude each other.');
  }
  const drawn = onlyTrack ? 'track' : boxes ? 'all' : 'none';
  return { fromMs: from, toMs: to, track, marginMs: margin, boxes: drawn };
}

interface Wanted {
  readonly id: string;
  readonly request: ClipRequest;
  readonly out: string | undefined;
}

async function write(
  { out, signal }: App,
  client: VidetteClient,
  { id, request, out: file }: Wanted,
): Promise<void> {
  const options = { ...request, signal, onProgress: reportRender(out) };
  const stream = await client.clipStream(id, options).catch((error: unknown) => {
    throw error instanceof Interrupted ? new Interrupted(INTERRUPTED) : error;
  });
  if (file === undefined) return pipeline(stream, process.stdout, { signal });
  const path = resolve(file);
  await writeWhole(stream, path, signal);
  out.result({ event_id: id, path }, path);
}

const INTERRUPTED =
  'Interrupted. The clip is still being rendered. Run the same command to wait for it; stop it with --cancel.';

async function cancel({ out }: App, client: VidetteClient, wanted: Wanted): Promise<void> {
  const { id, request } = wanted;
  const cancelling = await client.cancelClip(id, request);
  const text = cancelling
    ? `Cancelling the render of the clip of job ${id} (a few seconds).`
    : `No such clip of job ${id} is being rendered.`;
  out.result({ event_id: id, cancelling }, text);
}

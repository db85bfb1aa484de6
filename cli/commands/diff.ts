import { resolve } from 'node:path';
import { Option } from 'commander';
import type { DiffOptions, VidetteClient } from '../../client/index.js';
import type { App } from '../app.js';
import { addExamples, type DefineCommand, withServers } from '../command.js';
import { toNumber } from '../detection-options.js';
import { DIFF_HEAD, formatDiffRow, formatDiffSummary } from '../diff-text.js';
import { diffVtt } from '../../domain/result/diff/diff-vtt.js';
import { Interrupted } from '../exit-codes.js';
import { reportRender } from '../render-progress.js';
import { writeToPipe } from '../write-to-pipe.js';
import { writeWhole } from '../write-whole.js';

interface DiffFlags extends Pick<DiffOptions, 'confA' | 'confB' | 'onlyDifferent'> {
  readonly vtt?: boolean;
  /** File that receives the video. */
  readonly video?: string;
  readonly cancel?: boolean;
}

interface Pair {
  readonly a: string;
  readonly b: string;
}

export const defineDiff: DefineCommand = (command, { createApp }) => {
  addExamples(
    command,
    'diff cars-0f3a2b1c9d8e-5d1f0c7a9b3e cars-0f3a2b1c9d8e-8bed849eba57',
    'diff cars-0f3a2b1c9d8e-5d1f0c7a9b3e cars-0f3a2b1c9d8e-8bed849eba57 --only-different --conf-b 0.4',
    'diff cars-0f3a2b1c9d8e-5d1f0c7a9b3e cars-0f3a2b1c9d8e-8bed849eba57 --video differences.mp4',
  )
    .option('--conf-a <0..1>', 'minimum confidence of A (default: that of its job)', toNumber)
    .option('--conf-b <0..1>', 'minimum confidence of B (default: that of its job)', toNumber)
    .option('--only-different', 'omit frames whose objects are the same')
    .option('--vtt', 'print WebVTT subtitles with a cue for each frame that differs')
    .addOption(
      new Option(
        '--video <file>',
        'write an MP4 of the frames that differ, with the boxes of both jobs',
      ).conflicts(['onlyDifferent', 'vtt']),
    )
    .addOption(
      new Option('--cancel', 'cancel the render of the MP4').conflicts([
        ...['onlyDifferent', 'vtt', 'video'],
      ]),
    )
    .action(async (a: string, b: string, flags: DiffFlags) => {
      const app = await createApp();
      const run = flags.cancel ? cancelVideo : flags.video === undefined ? printDiff : writeVideo;
      await withServers(app, ({ client }) => run(app, client, { a, b }, flags));
    });
};

/** Prints frames as they are compared, and a summary; with `--json` as JSON lines. */
async function printDiff(
  { out, signal }: App,
  client: VidetteClient,
  { a, b }: Pair,
  { vtt = false, confA, confB, onlyDifferent = false }: DiffFlags,
): Promise<void> {
  const pipe = writeToPipe(process.stdout, signal);
  const print = (text: string) => pipe.write(`${text}\n`);
  const lines = await client.diff(a, b, { confA, confB, onlyDifferent, signal });
  if (vtt) {
    for await (const part of diffVtt(lines)) await pipe.write(part);
    return;
  }
  if (!out.json) await print(DIFF_HEAD);
  for await (const line of lines) {
    if (pipe.signal.aborted) return; // the reader has left
    if (out.json) await print(JSON.stringify(line));
    else if (line.type === 'summary') await print(`\n${formatDiffSummary(line)}`);
    else await print(formatDiffRow(line));
  }
}

/** Writes the video of the frames that differ to a file, after it is rendered. */
async function writeVideo(
  { out, signal }: App,
  client: VidetteClient,
  { a, b }: Pair,
  { confA, confB, video = '' }: DiffFlags,
): Promise<void> {
  const options = { confA, confB, signal, onProgress: reportRender(out) };
  const stream = await client.reelStream(a, b, options).catch((error: unknown) => {
    throw error instanceof Interrupted ? new Interrupted(INTERRUPTED) : error;
  });
  const path = resolve(video);
  await writeWhole(stream, path, signal);
  out.result({ a, b, path }, path);
}

const INTERRUPTED =
  'Interrupted. The video is still being rendered. Run the same command to wait for it; stop it with --cancel in place of --video FILE.';

async function cancelVideo(
  { out }: App,
  client: VidetteClient,
  { a, b }: Pair,
  { confA, confB }: DiffFlags,
): Promise<void> {
  const cancelling = await client.cancelReel(a, b, { confA, confB });
  const text = cancelling
    ? 'Cancelling the render (a few seconds).'
    : 'No video of these differences is being rendered.';
  out.result({ a, b, cancelling }, text);
}

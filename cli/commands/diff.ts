import type { DiffOptions, VidetteClient } from '../../client/index.js';
import type { App } from '../app.js';
import { addExamples, type DefineCommand, withServers } from '../command.js';
import { toNumber } from '../detection-options.js';
import { DIFF_HEAD, formatDiffRow, formatDiffSummary } from '../diff-text.js';
import { diffVtt } from '../../domain/result/diff/diff-vtt.js';
import { writeToPipe } from '../write-to-pipe.js';

interface DiffFlags extends Pick<DiffOptions, 'confA' | 'confB' | 'onlyDifferent'> {
  readonly vtt?: boolean;
}

export const defineDiff: DefineCommand = (command, { createApp }) => {
  addExamples(
    command,
    'diff cars-0f3a2b1c9d8e-5d1f0c7a9b3e cars-0f3a2b1c9d8e-8bed849eba57',
    'diff cars-0f3a2b1c9d8e-5d1f0c7a9b3e cars-0f3a2b1c9d8e-8bed849eba57 --only-different --conf-b 0.4',
  )
    .option('--conf-a <0..1>', 'minimum confidence of A (default: that of its job)', toNumber)
    .option('--conf-b <0..1>', 'minimum confidence of B (default: that of its job)', toNumber)
    .option('--only-different', 'omit frames whose objects are the same')
    .option('--vtt', 'print WebVTT subtitles with a cue for each frame that differs')
    .action(async (a: string, b: string, flags: DiffFlags) => {
      const app = await createApp();
      await withServers(app, ({ client }) => printDiff(app, client, { a, b }, flags));
    });
};

/** Prints frames as they are compared, and a summary; with `--json` as JSON lines. */
async function printDiff(
  { out, signal }: App,
  client: VidetteClient,
  { a, b }: { readonly a: string; readonly b: string },
  { vtt = false, ...flags }: DiffFlags,
): Promise<void> {
  const pipe = writeToPipe(process.stdout, signal);
  const print = (text: string) => pipe.write(`${text}\n`);
  const lines = await client.diff(a, b, { ...flags, signal });
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

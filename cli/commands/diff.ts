import type { DiffOptions, VidetteClient } from '../../client/index.js';
import type { App } from '../app.js';
import { addExamples, type DefineCommand, withServers } from '../command.js';
import { toNumber } from '../detection-options.js';
import { DIFF_HEAD, formatDiffRow, formatDiffSummary } from '../diff-text.js';
import { writeToPipe } from '../write-to-pipe.js';

type DiffFlags = Pick<DiffOptions, 'confA' | 'confB' | 'onlyDifferent'>;

export const defineDiff: DefineCommand = (command, { createApp }) => {
  addExamples(
    command,
    'diff cars-0f3a2b1c9d8e-5d1f0c7a9b3e cars-0f3a2b1c9d8e-8bed849eba57',
    'diff cars-0f3a2b1c9d8e-5d1f0c7a9b3e cars-0f3a2b1c9d8e-8bed849eba57 --only-different --conf-b 0.4',
  )
    .option('--conf-a <0..1>', 'minimum confidence of A (default: that of its job)', toNumber)
    .option('--conf-b <0..1>', 'minimum confidence of B (default: that of its job)', toNumber)
    .option('--only-different', 'omit frames whose objects are the same')
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
  flags: DiffFlags,
): Promise<void> {
  const pipe = writeToPipe(process.stdout, signal);
  const print = (text: string) => pipe.write(`${text}\n`);
  const lines = await client.diff(a, b, { ...flags, signal });
  if (!out.json) await print(DIFF_HEAD);
  for await (const line of lines) {
    if (pipe.signal.aborted) return; // the reader has left
    if (out.json) await print(JSON.stringify(line));
    else if (line.type === 'summary') await print(`\n${formatDiffSummary(line)}`);
    else await print(formatDiffRow(line));
  }
}

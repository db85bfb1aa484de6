import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Option } from 'commander';
import type { Batch, VidetteClient } from '../../client/index.js';
import type { App } from '../app.js';
import { formatBatch, formatBatches } from '../batch-text.js';
import { addExamples, type DefineCommand, setExitCode, withServers } from '../command.js';
import { toCount } from '../detection-options.js';
import { exitCodeOfBatch } from '../exit-codes.js';
import { writeWhole } from '../write-whole.js';

interface BatchFlags {
  readonly retry?: boolean;
  readonly cancel?: boolean;
  readonly csv?: string;
  readonly wait: boolean;
}

/** Argument that stands for standard output. */
const STANDARD_OUTPUT = '-';

export const defineBatches: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'batches', 'batches --limit 100 --json')
    .option('--limit <n>', 'maximum number of batches', toCount, 20)
    .action(async ({ limit }: { readonly limit: number }) => {
      const app = await createApp();
      const { batches } = await withServers(app, ({ client }) => client.batches.list({ limit }));
      app.out.result(batches, formatBatches(batches));
    });
};

export const defineBatch: DefineCommand = (command, { createApp }) => {
  addExamples(
    command,
    'batch batch-8bed849eba57',
    'batch batch-8bed849eba57 --retry',
    'batch batch-8bed849eba57 --csv detections.csv',
  )
    .option('--retry', 'run the jobs again that are neither ready nor deleted, and wait for them')
    .addOption(
      new Option('--cancel', 'cancel the batch and the jobs that it has started').conflicts(
        'retry',
      ),
    )
    .option(
      '--csv <file>',
      'write the objects of all ready jobs to this file; "-" is standard output',
    )
    .option('--no-wait', 'do not wait for jobs that run again')
    .action(async (id: string, flags: BatchFlags) => {
      const app = await createApp();
      await withServers(app, ({ client }) => runBatch(app, client, id, flags));
    });
};

async function runBatch(
  app: App,
  client: VidetteClient,
  id: string,
  flags: BatchFlags,
): Promise<void> {
  const batch = await changeBatch(app, client, id, flags);
  const { csv } = flags;
  if (csv === STANDARD_OUTPUT) {
    return pipeline(await client.batches.csv(id), process.stdout, { signal: app.signal });
  }
  const path = csv === undefined ? null : resolve(csv);
  if (path !== null) await writeWhole(await client.batches.csv(id), path, app.signal);
  app.out.result({ ...batch, csv: path }, formatBatch(batch, path));
}

/** Retries or cancels a batch if that is requested, and returns its state. */
async function changeBatch(
  app: App,
  client: VidetteClient,
  id: string,
  { retry = false, cancel = false, wait }: BatchFlags,
): Promise<Batch> {
  if (!retry && !cancel) return client.batches.get(id);
  const { followBatch } = await import('../detect/follow-batch.js');
  if (cancel) {
    const { total } = await client.batches.cancel(id);
    return followBatch(app, client, id, total);
  }
  const before = await client.batches.retry(id);
  if (!wait) return before;
  const batch = await followBatch(app, client, id, before.total);
  setExitCode(exitCodeOfBatch(batch));
  return batch;
}

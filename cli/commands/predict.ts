import { resolve } from 'node:path';
import { Option } from 'commander';
import type { LocalBatchOptions, TableFormat } from '../../client/index.js';
import { TABLE_FORMATS } from '../../domain/image-batch/image-batch.js';
import type { App } from '../app.js';
import { addExamples, type DefineCommand, setExitCode, withServers } from '../command.js';
import { toCount, toNumber } from '../detection-options.js';

interface PredictFlags {
  readonly model: string;
  readonly conf?: number;
  readonly table?: TableFormat;
  readonly out?: string;
  readonly maxFailed?: number;
  readonly batchId?: string;
  readonly wait: boolean;
}

export const definePredict: DefineCommand = (command, { createApp }) => {
  addExamples(
    command,
    'predict photos --model fish --table csv -o fish.csv',
    'predict november.zip --model fish@4',
    'predict s3://incoming/camera-7/2026/11/ --model fish --table parquet --no-wait',
  )
    .requiredOption('-m, --model <model>', 'name or name@version in the catalogue')
    .option('--conf <0..1>', 'minimum confidence of an object (default: 0.25)', toNumber)
    .addOption(
      new Option('--table <format>', 'format of the table (default: jsonl.gz)').choices([
        ...TABLE_FORMATS,
      ]),
    )
    .option('-o, --out <file>', 'write the table to this file')
    .option(
      '--max-failed <0..1>',
      'share of images that may fail before the batch fails (default: 0.05)',
      toNumber,
    )
    .option('--batch-id <id>', 'batch_id (default: derived from the images, model and conf)')
    .option('--no-wait', 'do not wait for the table')
    .action(async (source: string, flags: PredictFlags) => {
      const { runPredict } = await import('../predict/run-predict.js');
      const { out, wait } = flags;
      const options = { request: requestOf(flags), out, wait };
      setExitCode(await runPredict(await createApp(), source, options));
    });
};

function requestOf({ model, conf, table, maxFailed, batchId }: PredictFlags): LocalBatchOptions {
  return {
    model,
    ...(conf !== undefined && { conf }),
    ...(table !== undefined && { table }),
    ...(maxFailed !== undefined && { max_failed: maxFailed }),
    ...(batchId !== undefined && { batch_id: batchId }),
  };
}

interface PredictionsFlags {
  readonly limit: number;
  readonly out?: string;
  readonly cancel?: boolean;
  readonly rm?: boolean;
}

export const definePredictions: DefineCommand = (command, { createApp }) => {
  addExamples(
    command,
    'predictions',
    'predictions images-8bed849eba57 -o table.jsonl.gz',
    'predictions images-8bed849eba57 --cancel',
    'predictions images-8bed849eba57 --rm',
  )
    .option('--limit <n>', 'maximum number of batches in the list', toCount, 20)
    .option('-o, --out <file>', 'write the table of the batch to this file')
    .addOption(
      new Option('--cancel', 'cancel the batch, which keeps its rows').conflicts(['out', 'rm']),
    )
    .addOption(
      new Option('--rm', 'delete the batch with its uploads, list, parts and table').conflicts(
        'out',
      ),
    )
    .action(async (id: string | undefined, flags: PredictionsFlags) => {
      const app = await createApp();
      if (id === undefined) await listBatches(app, flags.limit);
      else await showBatch(app, id, flags);
    });
};

async function listBatches(app: App, limit: number): Promise<void> {
  const { formatImageBatches } = await import('../predict/image-batch-text.js');
  const { batches } = await withServers(app, ({ client }) => client.imageBatches.list({ limit }));
  app.out.result(batches, formatImageBatches(batches));
}

async function showBatch(
  app: App,
  id: string,
  { out, cancel, rm }: PredictionsFlags,
): Promise<void> {
  const { writeTable } = await import('../predict/run-predict.js');
  const { formatImageBatch } = await import('../predict/image-batch-text.js');
  await withServers(app, async (connected) => {
    const { imageBatches } = connected.client;
    if (rm) {
      const deleted = await imageBatches.delete(id);
      app.out.result(deleted, `Batch ${id} deleted, ${deleted.objects} objects removed.`);
      return;
    }
    const path = out === undefined ? null : resolve(out);
    if (path !== null) await writeTable(app, connected, id, path);
    const batch = await (cancel ? imageBatches.cancel(id) : imageBatches.get(id));
    app.out.result({ ...batch, out: path }, formatImageBatch(batch, path));
  });
}

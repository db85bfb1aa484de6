import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Option } from 'commander';
import { AppError } from '../../domain/errors.js';
import { EXPORT_FORMATS, type ExportFormat } from '../../domain/export/formats.js';
import type { VidetteClient } from '../../client/index.js';
import type { App } from '../app.js';
import { Interrupted } from '../exit-codes.js';
import { addExamples, type DefineCommand, withServers } from '../command.js';
import { notForTerminal } from '../not-for-terminal.js';
import { reportRender } from '../render-progress.js';
import { writeWhole } from '../write-whole.js';

interface ExportFlags {
  readonly format: ExportFormat;
  readonly out?: string;
  readonly ids?: 'model' | 'coco91';
  readonly conf?: boolean;
  readonly images?: boolean;
  readonly zones?: string;
  readonly cancel?: boolean;
}

const EXAMPLES = [
  'export cars-0f3a2b1c9d8e-5d1f0c7a9b3e --format csv > cars.csv',
  'export cars-0f3a2b1c9d8e-5d1f0c7a9b3e --format coco --ids coco91 --out cars.json',
  'export cars-0f3a2b1c9d8e-5d1f0c7a9b3e --format yolo --images --out dataset.zip',
  'export cars-0f3a2b1c9d8e-5d1f0c7a9b3e --format mp4 --out cars.annotated.mp4',
  'export cars-0f3a2b1c9d8e-5d1f0c7a9b3e --format mp4 --cancel',
];

export const defineExport: DefineCommand = (command, { createApp }) => {
  addExamples(command, ...EXAMPLES)
    .addOption(
      new Option('--format <format>', 'output format')
        .choices([...EXPORT_FORMATS])
        .makeOptionMandatory(),
    )
    .option('--out <file>', 'write to this file (default: standard output)')
    .addOption(
      new Option(
        '--ids <ids>',
        "coco: category ids: the model's class indices, or COCO's 91 ids",
      ).choices(['model', 'coco91']),
    )
    .option('--conf', 'yolo: append the confidence to each line')
    .option('--images', 'yolo: add the stored frames, as training needs')
    .option('--zones <name>', 'csv, jsonl: add the zones of the video that each object is in')
    .option('--cancel', 'mp4: cancel the render instead')
    .action(async (id: string, flags: ExportFlags) => {
      expectNoTerminal(flags, process.stdout.isTTY);
      const app = await createApp();
      await withServers(app, ({ client }) =>
        flags.cancel ? cancelVideo(app, client, id, flags) : exportTo(app, client, id, flags),
      );
    });
};

/** Formats of binary data. */
const BINARY: readonly ExportFormat[] = ['yolo', 'mp4'];

/** @throws AppError `INVALID_INPUT` if binary data would be written to a terminal. */
export function expectNoTerminal(
  { format, out, cancel }: Pick<ExportFlags, 'format' | 'out' | 'cancel'>,
  isTerminal: boolean,
): void {
  if (!isTerminal || out !== undefined || cancel || !BINARY.includes(format)) return;
  throw notForTerminal(`Format ${format} is binary and`);
}

async function exportTo(
  { out, signal }: App,
  client: VidetteClient,
  id: string,
  { format, out: file, ids, conf, images, zones }: ExportFlags,
): Promise<void> {
  const options = { ids, conf, images, zones, signal, onProgress: reportRender(out) };
  const stream = await client.exportStream(id, format, options).catch((error: unknown) => {
    const isRender = error instanceof Interrupted && format === 'mp4';
    throw isRender ? new Interrupted(interruptedRenderText(id)) : error;
  });
  if (file === undefined) return pipeline(stream, process.stdout, { signal });
  const path = resolve(file);
  await writeWhole(stream, path, signal);
  out.result({ event_id: id, format, path }, path);
}

/** Describes what happens to a render after Ctrl-C. */
function interruptedRenderText(id: string): string {
  return `Interrupted. The video of job ${id} is still being rendered. Run the same command to wait for it; stop it with "vidette export ${id} --format mp4 --cancel".`;
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
      '--cancel requires --format mp4: other formats are not rendered in the background.',
    );
  }
  const cancelling = await client.cancelRender(id, 'annotated');
  const text = cancelling
    ? `Cancelling the render of job ${id} (a few seconds).`
    : `Job ${id} has no render in progress.`;
  out.result({ event_id: id, format, cancelling }, text);
}

import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Option } from 'commander';
import type { DatasetFormat } from '../../client/index.js';
import { DATASET_FORMATS } from '../../domain/dataset/export-files.js';
import { addExamples, type DefineCommand, withServers } from '../command.js';
import { notForTerminal } from '../not-for-terminal.js';
import { formatDataset, formatDatasets } from '../datasets/dataset-texts.js';
import { writeWhole } from '../write-whole.js';

export const defineList: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'datasets list', 'datasets list fish').action(
    async (name: string | undefined) => {
      const app = await createApp();
      const found = await withServers(app, ({ client: { datasets } }) =>
        name === undefined ? datasets.list() : datasets.versions(name),
      );
      app.out.result(found, formatDatasets(found));
    },
  );
};

export const defineShow: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'datasets show fish', 'datasets show fish@3 --json').action(
    async (spec: string) => {
      const app = await createApp();
      const manifest = await withServers(app, ({ client }) => client.datasets.get(spec));
      app.out.result(manifest, formatDataset(manifest));
    },
  );
};

interface ExportFlags {
  readonly format: DatasetFormat;
  readonly out?: string;
}

export const defineExport: DefineCommand = (command, { createApp }) => {
  addExamples(
    command,
    'datasets export fish@3 --format coco --out fish.zip',
    'datasets export species --format folder > species.zip',
  )
    .addOption(
      new Option('--format <format>', 'coco or yolo for boxes, folder for classes, or jsonl')
        .choices([...DATASET_FORMATS])
        .makeOptionMandatory(),
    )
    .option('--out <file>', 'write to this file (default: standard output)')
    .action(async (spec: string, { format, out: file }: ExportFlags) => {
      expectFile(file, process.stdout.isTTY);
      const app = await createApp();
      await withServers(app, async ({ client }) => {
        const stream = await client.datasets.exportStream(spec, format);
        if (file === undefined) return pipeline(stream, process.stdout, { signal: app.signal });
        const path = resolve(file);
        await writeWhole(stream, path, app.signal);
        app.out.result({ dataset: spec, format, path }, path);
      });
    });
};

/** @throws AppError `INVALID_INPUT` if the zip would be written to a terminal. */
function expectFile(file: string | undefined, isTerminal: boolean): void {
  if (!isTerminal || file !== undefined) return;
  throw notForTerminal('A zip');
}

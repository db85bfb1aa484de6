import { resolve } from 'node:path';
import type { ImportReport } from '../../client/index.js';
import { userName } from '../../platform/user-name.js';
import { addExamples, type DefineCommand, withServers } from '../command.js';
import { formatCount } from '../format.js';

/** Number of skipped images that the text lists. */
const LISTED = 10;

interface ImportFlags {
  readonly ignoreParts?: boolean;
}

export const defineImport: DefineCommand = (command, { createApp }) => {
  addExamples(
    command,
    'datasets import fish corrected.zip',
    'datasets import fish corrected.zip --ignore-parts',
  )
    .option(
      '--ignore-parts',
      'do not keep the parts (train, val, test) that the zip gives to images',
    )
    .action(async (name: string, file: string, { ignoreParts = false }: ImportFlags) => {
      const app = await createApp();
      const parts = ignoreParts ? 'ignore' : 'keep';
      const options = { by: userName(), signal: app.signal, parts } as const;
      const report = await withServers(app, ({ client }) =>
        client.datasets.import(name, resolve(file), options),
      );
      app.out.result(report, formatReport(name, report));
    });
};

function formatReport(
  name: string,
  { imported, unchanged, skipped, skipped_images }: ImportReport,
): string {
  const listed = skipped_images
    .slice(0, LISTED)
    .map(({ image, reason }) => `  ${image}: ${reason}`);
  const more = skipped - listed.length;
  return [
    `imported ${formatCount(imported, 'image')}, ${unchanged} unchanged, ${skipped} skipped`,
    ...listed,
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...(imported > 0 ? [`Build a version with them: vidette datasets build ${name}`] : []),
  ].join('\n');
}

import { addExamples, type DefineCommand } from '../command.js';

interface LineageFlags {
  readonly image?: string;
  readonly job?: string;
}

export const defineLineage: DefineCommand = (command, { createApp }) => {
  addExamples(
    command,
    'models lineage fish@4',
    'models lineage --job cars-0f3a2b1c9d8e-5d1f0c7a9b3e',
  )
    .option('--image <sha256>', 'data sets and models that were made from an image')
    .option('--job <id>', 'data sets and models that were made from a job')
    .action(async (spec: string | undefined, flags: LineageFlags) => {
      const { runModelLineage, runUses } = await import('../models/run-lineage.js');
      const { lineageQueryOf } = await import('../../client/index.js');
      if (spec === undefined) await runUses(await createApp(), lineageQueryOf(flags));
      else await runModelLineage(await createApp(), spec);
    });
};

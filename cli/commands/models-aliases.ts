import { toCount } from '../detection-options.js';
import { addExamples, type DefineCommand } from '../command.js';

interface ReasonFlags {
  readonly reason?: string;
}

const REASON = ['--reason <text>', 'why, for the history'] as const;

export const defineAlias: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'models alias fish challenger 4 --reason "trained on night images"')
    .option(...REASON)
    .action(async (name: string, alias: string, version: string, { reason }: ReasonFlags) => {
      const { runAlias } = await import('../models/run-aliases.js');
      await runAlias(await createApp(), { name, alias, version: toCount(version), reason });
    });
};

export const definePromote: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'models promote fish@4 --reason "fewer misses on the test set"')
    .option(...REASON)
    .action(async (spec: string, { reason }: ReasonFlags) => {
      const { runPromote } = await import('../models/run-aliases.js');
      await runPromote(await createApp(), spec, reason);
    });
};

export const defineRollback: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'models rollback fish --reason "mistakes boats for fish"')
    .option('--from <version>', 'only if this version is the champion', toCount)
    .option(...REASON)
    .action(async (name: string, flags: ReasonFlags & { readonly from?: number }) => {
      const { runRollback } = await import('../models/run-aliases.js');
      await runRollback(await createApp(), name, flags);
    });
};

export const defineHistory: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'models history fish')
    .option('--limit <n>', 'maximum number of changes', toCount, 20)
    .action(async (name: string, { limit }: { readonly limit: number }) => {
      const { runHistory } = await import('../models/run-aliases.js');
      await runHistory(await createApp(), name, limit);
    });
};

import { Option } from 'commander';
import { AppError } from '../../domain/errors.js';
import {
  addCommands,
  addExamples,
  type CommandEntry,
  type DefineCommand,
  setExitCode,
} from '../command.js';
import {
  addRetrainOptions,
  type RetrainFlags,
  retrainOptionsOf,
} from '../retrain/retrain-options.js';

const MODEL = ['<model>', 'name of the model'] as const;

const RETRAIN_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'status',
    description: 'show the newest retraining of a model',
    arguments: [MODEL],
    load: () => Promise.resolve(defineStatus),
  },
  {
    name: 'list',
    description: 'list the newest retraining of each model',
    load: () => Promise.resolve(defineList),
  },
  {
    name: 'decide',
    description: 'promote or reject the challenger of a retraining that waits for a decision',
    arguments: [MODEL],
    load: () => Promise.resolve(defineDecide),
  },
];

export const defineRetrain: DefineCommand = async (command, context) => {
  addRetrainOptions(
    addExamples(
      command,
      'retrain fish --wait',
      'retrain fish --dataset fish@3 --by-rule',
      'retrain fish --build --min-new 50',
      'retrain status fish',
      'retrain decide fish --promote --reason "fewer misses at night"',
    ),
  )
    .option('--wait', 'wait until it ends or needs a decision')
    .action(async (model: string, flags: RetrainFlags & { readonly wait?: boolean }) => {
      const { runRetrain } = await import('../retrain/run-retrain.js');
      const run = { options: retrainOptionsOf(flags), wait: flags.wait ?? false };
      setExitCode(await runRetrain(await context.createApp(), model, run));
    });
  await addCommands(command, RETRAIN_COMMANDS, context);
};

const defineStatus: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'retrain status fish').action(async (model: string) => {
    const { showRetraining } = await import('../retrain/run-retrain.js');
    await showRetraining(await createApp(), model);
  });
};

const defineList: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'retrain list', 'retrain list --dataset fish@3')
    .option('--dataset <spec>', 'only those on this data set, as name or name@version')
    .action(async ({ dataset }: { readonly dataset?: string }) => {
      const { showRetrainings } = await import('../retrain/run-retrain.js');
      await showRetrainings(await createApp(), { dataset });
    });
};

interface DecideFlags {
  readonly promote?: boolean;
  readonly reject?: boolean;
  readonly reason: string;
}

const defineDecide: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'retrain decide fish --reject --reason "mistakes boats for fish"')
    .option('--promote', 'make the challenger the champion')
    .addOption(new Option('--reject', 'keep the champion').conflicts('promote'))
    .requiredOption('--reason <text>', 'why, for the history')
    .action(async (model: string, { promote = false, reject = false, reason }: DecideFlags) => {
      if (!promote && !reject)
        throw new AppError('INVALID_INPUT', 'Decide with --promote or --reject.');
      const { runDecide } = await import('../retrain/run-retrain.js');
      await runDecide(await createApp(), model, { promote, reason });
    });
};

import { Option } from 'commander';
import type { RetrainOptions, Trainer } from '../../client/index.js';
import { AppError } from '../../domain/errors.js';
import { TRAINERS } from '../../domain/retrain/retrain-request.js';
import {
  addCommands,
  addExamples,
  type CommandEntry,
  type DefineCommand,
  setExitCode,
} from '../command.js';
import { toCount, toNumber } from '../detection-options.js';

interface RetrainFlags {
  readonly dataset?: string;
  readonly build?: boolean;
  readonly minNew?: number;
  readonly base?: number;
  readonly trainer?: Trainer;
  readonly steps?: number;
  readonly margin?: number;
  readonly classMargin?: number;
  readonly minTest?: number;
  readonly byRule?: boolean;
  readonly wait?: boolean;
}

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
  addExamples(
    command,
    'retrain fish --wait',
    'retrain fish --dataset fish@3 --by-rule',
    'retrain fish --build --min-new 50',
    'retrain status fish',
    'retrain decide fish --promote --reason "fewer misses at night"',
  )
    .option('--dataset <spec>', 'data set as name or name@version (default: the name of the model)')
    .option('--build', 'build the next version of the data set from the feedback first')
    .option('--min-new <n>', 'new images without which nothing is trained (default: 0)', toCount)
    .option('--base <version>', 'version to start from (default: the champion)', toCount)
    .addOption(
      new Option(
        '--trainer <trainer>',
        'trainer of the worker (default: head, for a detector command)',
      ).choices([...TRAINERS]),
    )
    .option('--steps <n>', 'steps of the trainer "head" (default: 300)', toCount)
    .option('--margin <0..1>', 'loss of accuracy that the gate allows (default: 0.01)', toNumber)
    .option('--class-margin <0..1>', 'loss of a class that it allows (default: 0.05)', toNumber)
    .option('--min-test <n>', 'test images without which a person decides (default: 100)', toCount)
    .option('--by-rule', 'promote a challenger that passes the gate without asking')
    .option('--wait', 'wait until it ends or needs a decision')
    .action(async (model: string, flags: RetrainFlags) => {
      const { runRetrain } = await import('../retrain/run-retrain.js');
      const run = { options: optionsOf(flags), wait: flags.wait ?? false };
      setExitCode(await runRetrain(await context.createApp(), model, run));
    });
  await addCommands(command, RETRAIN_COMMANDS, context);
};

function optionsOf(flags: RetrainFlags): RetrainOptions {
  const { dataset, build, minNew, base, trainer, steps, margin, classMargin, minTest } = flags;
  const gate = {
    ...(margin !== undefined && { margin }),
    ...(classMargin !== undefined && { class_margin: classMargin }),
    ...(minTest !== undefined && { min_test: minTest }),
  };
  return {
    ...(dataset !== undefined && { dataset }),
    ...(build && { build }),
    ...(minNew !== undefined && { min_new: minNew }),
    ...(base !== undefined && { base }),
    ...(trainer !== undefined && { trainer }),
    ...(steps !== undefined && { params: { steps } }),
    ...(flags.byRule && { decide: 'rule' as const }),
    gate,
  };
}

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

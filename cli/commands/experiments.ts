import { Option } from 'commander';
import { AppError } from '../../domain/errors.js';
import {
  ASSIGNMENT_KEYS,
  type AssignmentKey,
  EXPERIMENT_MODES,
  type ExperimentMode,
} from '../../domain/experiment/experiment.js';
import { addCommands, addExamples, type CommandEntry, type DefineCommand } from '../command.js';
import { toCount, toNumber } from '../detection-options.js';

const ID = ['<id>', 'experiment_id of the experiment'] as const;

const EXPERIMENT_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'start',
    description: 'compare another version of a model with the one that predicts images',
    arguments: [['<challenger>', 'version to compare, such as fish@4']],
    load: () => Promise.resolve(defineStart),
  },
  {
    name: 'list',
    description: 'list experiments, newest first',
    load: () => Promise.resolve(defineList),
  },
  {
    name: 'show',
    description: 'show the figures and the evidence of an experiment',
    arguments: [ID],
    load: () => Promise.resolve(defineShow),
  },
  {
    name: 'stop',
    description: 'stop an experiment, which can be decided afterwards',
    arguments: [ID],
    load: () => Promise.resolve(defineStop),
  },
  {
    name: 'decide',
    description: 'end an experiment: promote the challenger, or keep the champion',
    arguments: [ID],
    load: () => Promise.resolve(defineDecide),
  },
];

export const defineExperiments: DefineCommand = (command, context) =>
  addCommands(command, EXPERIMENT_COMMANDS, context);

interface StartFlags {
  readonly mode?: ExperimentMode;
  readonly champion?: number;
  readonly share?: number;
  readonly key?: AssignmentKey;
}

const defineStart: DefineCommand = (command, { createApp }) => {
  addExamples(
    command,
    'experiments start fish@4',
    'experiments start fish@4 --mode split --share 0.1',
  )
    .addOption(
      new Option(
        '--mode <mode>',
        'shadow: its answers are not sent; split: it answers its share (default: shadow)',
      ).choices([...EXPERIMENT_MODES]),
    )
    .option('--champion <version>', 'version in use (default: the alias champion)', toCount)
    .option(
      '--share <0..1>',
      'share of the predictions (default: 1 in the shadow, 0.1 in a split)',
      toNumber,
    )
    .addOption(
      new Option(
        '--key <key>',
        'what keeps requests in one arm (default: header, X-Vidette-Subject)',
      ).choices([...ASSIGNMENT_KEYS]),
    )
    .action(async (challenger: string, flags: StartFlags) => {
      const { runStart } = await import('../experiments/run-experiments.js');
      await runStart(await createApp(), challenger, flags);
    });
};

const defineList: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'experiments list')
    .option('--limit <n>', 'maximum number of experiments', toCount, 20)
    .action(async ({ limit }: { readonly limit: number }) => {
      const { runList } = await import('../experiments/run-experiments.js');
      await runList(await createApp(), limit);
    });
};

const defineShow: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'experiments show fish-8bed849eba57').action(async (id: string) => {
    const { runShow } = await import('../experiments/run-experiments.js');
    await runShow(await createApp(), id);
  });
};

const defineStop: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'experiments stop fish-8bed849eba57').action(async (id: string) => {
    const { runStop } = await import('../experiments/run-experiments.js');
    await runStop(await createApp(), id);
  });
};

interface DecideFlags {
  readonly promote?: boolean;
  readonly keep?: boolean;
  readonly reason: string;
}

const defineDecide: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'experiments decide fish-8bed849eba57 --promote --reason "fewer misses"')
    .option('--promote', 'make the challenger the champion')
    .addOption(new Option('--keep', 'keep the champion').conflicts('promote'))
    .requiredOption('--reason <text>', 'why, for the history')
    .action(async (id: string, { promote = false, keep = false, reason }: DecideFlags) => {
      if (!promote && !keep)
        throw new AppError('INVALID_INPUT', 'Decide with --promote or --keep.');
      const { runDecide } = await import('../experiments/run-experiments.js');
      await runDecide(await createApp(), id, { promote, reason });
    });
};

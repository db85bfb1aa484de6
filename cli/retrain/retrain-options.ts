import { type Command, Option } from 'commander';
import type { RetrainOptions, Trainer } from '../../client/index.js';
import { TRAINERS } from '../../domain/retrain/retrain-request.js';
import { toCount, toNumber } from '../detection-options.js';

/** Flags of the options of a retraining. */
export interface RetrainFlags {
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
}

/** Adds the options of a retraining to a command. */
export function addRetrainOptions(command: Command): Command {
  return command
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
    .option('--by-rule', 'promote a challenger that passes the gate without asking');
}

/** Returns the options of a retraining from their flags. */
export function retrainOptionsOf(flags: RetrainFlags): RetrainOptions {
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

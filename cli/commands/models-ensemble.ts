import { InvalidArgumentError, Option } from 'commander';
import { CLASS_FUSIONS } from '../../domain/model/ensemble.js';
import { addExamples, type DefineCommand } from '../command.js';
import { toNumber } from '../detection-options.js';
import type { EnsembleFlags } from '../models/run-ensemble.js';

export const defineEnsemble: DefineCommand = (command, { createApp }) => {
  addExamples(
    command,
    'models ensemble street --members yolox_nano@1,best@3 --weights 1,2',
    'models ensemble fish --members fish@3,fish@4 --fuse log-mean',
  )
    .requiredOption('--members <list>', 'models, separated by commas', toNames)
    .option('--weights <list>', 'influence of each member (default: 1 each)', toWeights)
    .option('--iou <x>', 'IoU above which two boxes are the same object', toShare, 0.55)
    .option('--member-conf <x>', "minimum confidence of a member's box", toShare, 0.1)
    .addOption(
      new Option('--fuse <mean>', 'mean of the confidences of classifiers')
        .choices(CLASS_FUSIONS)
        .default(CLASS_FUSIONS[0]),
    )
    .action(async (name: string, flags: EnsembleFlags) => {
      const { runEnsemble } = await import('../models/run-ensemble.js');
      await runEnsemble(await createApp(), name, flags);
    });
};

/** @example toNames('yolox_nano@1, best@3') // ['yolox_nano@1', 'best@3'] */
function toNames(text: string): string[] {
  return text.split(',').map((name) => name.trim());
}

function toWeights(text: string): number[] {
  const weights = text.split(',').map(toNumber);
  if (weights.every((weight) => weight > 0)) return weights;
  throw new InvalidArgumentError('Expected numbers above 0, separated by commas.');
}

function toShare(text: string): number {
  const value = toNumber(text);
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('Expected a number from 0 to 1.');
}

import { Option } from 'commander';
import { REVIEW_KINDS, type ReviewKind } from '../../domain/result/review.js';
import { addCommands, addExamples, type CommandEntry, type DefineCommand } from '../command.js';
import { toCount } from '../detection-options.js';

interface ReviewFlags {
  readonly kind: ReviewKind;
  readonly experiment?: string;
  readonly model?: string;
  readonly limit: number;
  readonly days: number;
  readonly by?: string;
  readonly list?: boolean;
}

const PREDICTION = ['<prediction>', 'prediction_id, as the list shows it'] as const;
const BY = ['--by <name>', 'person who gives the feedback'] as const;
/** Days for which a local stack keeps images without feedback. */
const KEEP_DAYS = 30;

const REVIEW_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'confirm',
    description: 'confirm a prediction',
    arguments: [PREDICTION],
    load: () => Promise.resolve(defineConfirm),
  },
  {
    name: 'correct',
    description: 'correct the class or the objects of a prediction',
    arguments: [PREDICTION],
    load: () => Promise.resolve(defineCorrect),
  },
];

export const defineReview: DefineCommand = async (command, context) => {
  addExamples(
    command,
    'review',
    'review --kind low-confidence --model fish@3 --list',
    'review --experiment fish-8bed849eba57',
    'review confirm 665f1c2e9b1e8a0012345678',
    'review correct 665f1c2e9b1e8a0012345678 --class salmon',
  )
    .addOption(
      new Option('--kind <kind>', 'why a person should look at them')
        .choices([...REVIEW_KINDS])
        .default('audit'),
    )
    .addOption(
      new Option(
        '--experiment <id>',
        'images of the audit sample on which the versions of a shadow experiment differ',
      )
        .implies({ kind: 'disagreement' })
        .conflicts(['kind', 'model']),
    )
    .option('-m, --model <model>', 'only predictions of this model, as name or name@version')
    .option('--limit <n>', 'maximum number of predictions', toCount, 20)
    .option('--days <n>', 'days for which images are kept without feedback', toCount, KEEP_DAYS)
    .option(...BY)
    .option('--list', 'list them and ask nothing (default without a terminal)')
    .action(async ({ list, days, by, ...search }: ReviewFlags) => {
      const { listReviews, review } = await import('../review/run-review.js');
      const app = await context.createApp();
      const asks = process.stdin.isTTY && process.stderr.isTTY && !app.out.json && !list;
      const since = new Date(Date.now() - days * 24 * 3600 * 1000);
      await (asks ? review(app, { ...search, since }, by) : listReviews(app, { ...search, since }));
    });
  await addCommands(command, REVIEW_COMMANDS, context);
};

const defineConfirm: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'review confirm 665f1c2e9b1e8a0012345678 --by ann')
    .option(...BY)
    .action(async (id: string, { by }: { readonly by?: string }) => {
      const { confirmPrediction } = await import('../review/run-review.js');
      await confirmPrediction(await createApp(), id, by);
    });
};

interface CorrectFlags {
  readonly class?: string;
  readonly objects?: string;
  readonly by?: string;
}

const defineCorrect: DefineCommand = (command, { createApp }) => {
  addExamples(
    command,
    'review correct 665f1c2e9b1e8a0012345678 --class salmon',
    'review correct 665f1c2e9b1e8a0012345678 --objects objects.json',
  )
    .option('--class <name>', 'the class that it should have been')
    .addOption(
      new Option(
        '--objects <file>',
        'JSON list of all correct objects; "-" reads standard input',
      ).conflicts('class'),
    )
    .option(...BY)
    .action(async (id: string, flags: CorrectFlags) => {
      const { correctPrediction } = await import('../review/run-review.js');
      await correctPrediction(await createApp(), id, flags);
    });
};

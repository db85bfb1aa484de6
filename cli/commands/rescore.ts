import { Option } from 'commander';
import { AppError } from '../../domain/errors.js';
import { CASE_ORDERS, type CaseOrder } from '../../domain/rescore/rescore-case.js';
import { PAST_KINDS, type RescoreRequest } from '../../domain/rescore/rescore-request.js';
import {
  addCommands,
  addExamples,
  type CommandEntry,
  type DefineCommand,
  setExitCode,
} from '../command.js';
import { toNumber } from '../detection-options.js';
import { toTime } from '../duration.js';

interface RescoreFlags {
  readonly of?: string;
  readonly since?: Date;
  readonly until?: Date;
  readonly only?: (typeof PAST_KINDS)[number];
  readonly conf?: number;
  readonly id?: string;
  readonly wait: boolean;
}

const ID = ['<id>', 'id of the rescoring'] as const;

const RESCORE_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'ls',
    description: 'list rescorings, the newest first',
    load: () => Promise.resolve(defineList),
  },
  {
    name: 'show',
    description: 'show a rescoring with its report',
    arguments: [ID],
    load: () => Promise.resolve(defineShow),
  },
  {
    name: 'cases',
    description: 'print the images and frames for which the models differ, as JSON lines',
    arguments: [ID],
    load: () => Promise.resolve(defineCases),
  },
  {
    name: 'cancel',
    description: 'cancel a rescoring; what is stored remains',
    arguments: [ID],
    load: () => Promise.resolve(defineCancel),
  },
  {
    name: 'rm',
    description: 'delete a rescoring with its report; a running one is cancelled, its jobs remain',
    arguments: [ID],
    load: () => Promise.resolve(defineRemove),
  },
];

export const defineRescore: DefineCommand = async (command, context) => {
  addExamples(
    command,
    'rescore fish@4 --of fish@3 --since 7d',
    'rescore yolov8n --of yolox_nano --since 2026-11-16 --until 2026-11-23 --only jobs',
    'rescore cases rescore-8bed849eba57 --order worth',
  )
    .option('--of <spec>', 'model of the past predictions, as name or name@version (required)')
    .option('--since <time>', 'start: a date, or a duration ago such as 7d (required)', asTime)
    .option('--until <time>', 'end of the time span (default: now)', asTime)
    .addOption(new Option('--only <kind>', 'only kept images, or only jobs').choices(PAST_KINDS))
    .option('--conf <0..1>', 'minimum confidence of objects in images (default: 0.25)', toNumber)
    .option('--id <id>', 'id of the rescoring (default: derived from the request)')
    .option('--no-wait', 'return as soon as it is started')
    .action(async (model: string, flags: RescoreFlags) => {
      const { runRescore } = await import('../rescore/run-rescore.js');
      const request = requestOf(model, flags);
      setExitCode(await runRescore(await context.createApp(), request, flags.wait));
    });
  await addCommands(command, RESCORE_COMMANDS, context);
};

const asTime = (text: string) => toTime(text);

/** @throws AppError `INVALID_INPUT` without the options that a rescoring needs. */
function requestOf(
  model: string,
  { of, since, until, only, conf, id }: RescoreFlags,
): RescoreRequest {
  if (of === undefined || since === undefined) {
    throw new AppError(
      'INVALID_INPUT',
      'Give the model of the past predictions and the start of the time span: --of MODEL --since TIME.',
    );
  }
  return {
    ...{ model, of, since: since.toISOString() },
    ...(until && { until: until.toISOString() }),
    ...(only && { include: [only] }),
    ...(conf !== undefined && { conf }),
    ...(id !== undefined && { rescore_id: id }),
  };
}

const defineList: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'rescore ls').action(async () => {
    const { listRescorings } = await import('../rescore/run-rescore.js');
    await listRescorings(await createApp());
  });
};

const defineShow: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'rescore show rescore-8bed849eba57').action(async (id: string) => {
    const { showRescoring } = await import('../rescore/run-rescore.js');
    await showRescoring(await createApp(), id);
  });
};

const defineCases: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'rescore cases rescore-8bed849eba57 --order worth')
    .addOption(
      new Option('--order <order>', 'all as compared, or the 1000 that are worth most')
        .choices(CASE_ORDERS)
        .default('compared'),
    )
    .action(async (id: string, { order }: { readonly order: CaseOrder }) => {
      const { printCases } = await import('../rescore/run-rescore.js');
      await printCases(await createApp(), id, order);
    });
};

const defineCancel: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'rescore cancel rescore-8bed849eba57').action(async (id: string) => {
    const { cancelRescoring } = await import('../rescore/run-rescore.js');
    await cancelRescoring(await createApp(), id);
  });
};

const defineRemove: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'rescore rm rescore-8bed849eba57').action(async (id: string) => {
    const { removeRescoring } = await import('../rescore/run-rescore.js');
    await removeRescoring(await createApp(), id);
  });
};

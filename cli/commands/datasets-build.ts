import { Option } from 'commander';
import type { DatasetTask } from '../../client/index.js';
import { DATASET_TASKS } from '../../domain/dataset/dataset-item.js';
import { userName } from '../../platform/user-name.js';
import { addExamples, type DefineCommand, withServers } from '../command.js';
import { formatDataset } from '../datasets/dataset-texts.js';

interface BuildFlags {
  readonly task?: DatasetTask;
  readonly model?: string;
  readonly since?: string;
}

/** Value of a filter that removes it. */
const ALL = 'all';

export const defineBuild: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'datasets build fish --task classify --model fish', 'datasets build fish')
    .addOption(
      new Option(
        '--task <task>',
        'boxes, or one class per image; required for the first version',
      ).choices([...DATASET_TASKS]),
    )
    .option(
      '--model <model>',
      `only feedback on results of this model, or "${ALL}" (default: as before)`,
    )
    .option('--since <time>', `only feedback since this time, or "${ALL}" (default: as before)`)
    .action(async (name: string, { task, model, since }: BuildFlags) => {
      const app = await createApp();
      const { signal, out } = app;
      const filters = { model: filterOf(model), since: filterOf(since) };
      const request = { task, ...filters, by: userName(), signal };
      const built = await withServers(app, ({ client }) => client.datasets.build(name, request));
      const { manifest, created, left_out } = built;
      const state = created ? 'new version' : 'nothing has changed';
      const view = { ...manifest, left_out };
      out.result({ ...view, created }, `${state}\n${formatDataset(view)}`);
    });
};

function filterOf(value: string | undefined): string | null | undefined {
  return value === ALL ? null : value;
}

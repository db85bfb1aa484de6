import type { DatasetUse, LineageQuery, ModelLineage } from '../../client/index.js';
import { AppError } from '../../domain/errors.js';
import { parseModelSpec } from '../../domain/model/model-spec.js';
import type { App } from '../app.js';
import { withServers } from '../command.js';
import { formatPairs, formatTable, formatTime } from '../format.js';

/** Shows what a version of a model was made from, and what was made from it. */
export async function runModelLineage(app: App, spec: string): Promise<void> {
  const named = parseModelSpec(spec);
  const version = named?.version;
  if (!named || version === undefined) {
    throw new AppError(
      'INVALID_INPUT',
      `Specify a version, such as fish@4, received ${JSON.stringify(spec)}.`,
    );
  }
  const lineage = await withServers(app, ({ client }) =>
    client.lineage.ofModel(named.name, version),
  );
  app.out.result(lineage, formatLineage(lineage));
}

/** Shows the data sets that have an image or a job, and the models that were trained with them. */
export async function runUses(app: App, query: LineageQuery): Promise<void> {
  const uses = await withServers(app, ({ client }) => client.lineage.uses(query));
  app.out.result(uses, formatUses(uses));
}

type Versioned = Pick<DatasetUse, 'name' | 'version'>;
const nameOf = ({ name, version }: Versioned) => `${name}@${version}`;
const listOf = (all: readonly Versioned[]) => all.map(nameOf).join(', ') || null;

function formatLineage({ model, retrainings, datasets, descendants }: ModelLineage): string {
  const made = retrainings.map(({ retrain_id, base, dataset, promoted, ...end }) => {
    const outcome = promoted ? 'promoted' : 'not promoted';
    return `${retrain_id}: ${nameOf(base)} with ${nameOf(dataset)}, ${outcome} by ${end.decided_by}, ${formatTime(end.closed_at)}`;
  });
  const origins = datasets.map(({ images, predictions, imports, jobs, people, ...dataset }) => {
    const by = people.map((each) => `${each.by ?? 'no name'} (${each.images})`).join(', ');
    return `${nameOf(dataset)}: ${images} images, ${predictions} of predictions, ${imports} imported, of ${jobs.length} jobs; feedback of ${by}`;
  });
  return formatPairs([
    ['model', nameOf(model)],
    ['made by', made.join('\n') || 'added, not retrained'],
    ['from', origins.join('\n') || null],
    ['later', listOf(descendants)],
  ]);
}

function formatUses(uses: readonly DatasetUse[]): string {
  const rows = uses.map((use) => [nameOf(use), String(use.items), listOf(use.models) ?? '-']);
  return formatTable([['DATA SET', 'ITEMS', 'MODELS'], ...rows]);
}

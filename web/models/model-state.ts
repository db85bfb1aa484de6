import { listAliases, listHistory, listRetrainings } from '../api/models.js';
import { listModels } from '../api/system.js';

/** Number of changes of aliases that are read. */
const CHANGES = 10;

/** What the page shows of a model. */
export type ModelState = NonNullable<Awaited<ReturnType<typeof readModel>>>;

/** Reads a model; undefined if the catalogue does not have it. */
export async function readModel(name: string, signal: AbortSignal) {
  const models = await listModels(signal);
  const versions = models.filter((model) => model.name === name);
  if (versions.length === 0) return undefined;
  const [aliases, history, [retraining]] = await Promise.all([
    listAliases(name, signal),
    listHistory(name, { limit: CHANGES }, signal),
    listRetrainings({ model: name }, signal),
  ]);
  return { name, versions, aliases, history, retraining };
}

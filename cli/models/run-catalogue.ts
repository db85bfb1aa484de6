import { createModelRegistry } from '../../adapters/store/model-registry.js';
import { createObjectStore } from '../../adapters/store/minio-object-store.js';
import { aliasesOf } from '../../domain/model/model-alias.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import { pullModel } from '../../stack/model-sources/pull-model.js';
import { createTransfers } from '../../stack/tools/transfers.js';
import type { Config } from '../../config/index.js';
import type { App } from '../app.js';
import { publishModel } from '../initialise.js';
import { listLocalModels } from './local-models.js';
import { findServers } from '../connect.js';
import { formatModels, summaryOf } from './texts.js';

/** Downloads a model, and publishes it if servers are in use. */
export async function runPull(app: App, name: string | undefined): Promise<void> {
  const { config, out, confirm } = app;
  const catalogue = await findServers(config);
  const onProgress = downloadProgress(app);
  const request = { name, config, confirm, onStep: out.step, onProgress };
  if (!catalogue) {
    const { path, model } = await pullModel(request);
    out.result({ ...model, path, published: false }, `${path} (licence ${model.licence})`);
    out.note('It is added to the catalogue when the stack starts ("vidette up").');
    return;
  }
  const registry = createModelRegistry(createObjectStore(catalogue.objectStore));
  const manifest = await publishModel(request, registry);
  out.result({ ...summaryOf(manifest), published: true }, formatModels([manifest]));
}

function downloadProgress({ out }: App) {
  return createTransfers(out.step).start();
}

/** Lists the models of the catalogue or, if no servers are in use, of this machine. */
export async function runList({ config, out }: App): Promise<void> {
  const catalogue = await findServers(config);
  const { manifests, damaged, aliases } = catalogue
    ? await listCatalogue(createModelRegistry(createObjectStore(catalogue.objectStore)))
    : await listLocal(config);
  const data = manifests.map((manifest) => ({
    ...summaryOf(manifest),
    ...('version' in manifest && { aliases: aliasesOf(manifest, aliases) }),
  }));
  out.result(data, formatModels(manifests, aliases));
  for (const reason of damaged) out.note(reason);
  if (!catalogue && manifests.length > 0) {
    out.note(`No stack is running on ${config.dataDir}; these are the models on this machine.`);
  }
}

async function listCatalogue(models: ModelRegistry) {
  const damaged = (await models.listDamaged()).map(({ reason }) => reason);
  return { manifests: await models.list(), damaged, aliases: await models.aliases.list() };
}

async function listLocal(config: Config) {
  const { models, damaged } = await listLocalModels(config);
  return { manifests: models.map(({ manifest }) => manifest), damaged, aliases: [] };
}

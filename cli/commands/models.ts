import type { Command } from 'commander';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import { createObjectStore } from '../../adapters/store/minio-object-store.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import { pullModel } from '../../stack/model-sources/pull-model.js';
import { createTransfers } from '../../stack/tools/transfers.js';
import type { Config } from '../../config/index.js';
import type { App } from '../app.js';
import { type CreateApp, newCommand } from '../command.js';
import { acceptAgplOption, type ConsentFlags } from '../consent.js';
import { publishModel } from '../initialise.js';
import { listLocalModels } from '../models/local-models.js';
import { catalogueConfig } from '../models/open-model.js';
import { formatModels, summaryOf } from '../models/texts.js';
import { modelsAddCommand } from './models-add.js';
import { benchCommand, removeCommand, showCommand, testCommand } from './models-one.js';

export function modelsCommand(createApp: CreateApp): Command {
  const models = newCommand('models', 'manage models', [
    'models add best.onnx',
    'models pull yolov8n',
    'models list',
    'models test best --image street.jpg',
  ]);
  const commands = [
    modelsAddCommand,
    pullCommand,
    listCommand,
    showCommand,
    testCommand,
    removeCommand,
    benchCommand,
  ];
  for (const create of commands) models.addCommand(create(createApp));
  return models;
}

function pullCommand(createApp: CreateApp): Command {
  return newCommand('pull', 'download a model and verify its SHA-256', ['models pull yolov8n'])
    .argument('[name]', 'yolox_nano or yolov8n (default: the first that is available)')
    .addOption(acceptAgplOption())
    .action(async (name: string | undefined, flags: ConsentFlags) => {
      const app = createApp(flags);
      const { config, out, confirm } = app;
      const catalogue = await catalogueConfig(config);
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
    });
}

function downloadProgress({ out }: App) {
  return createTransfers(out.step).start();
}

function listCommand(createApp: CreateApp): Command {
  return newCommand(
    'list',
    'list the models of the catalogue, or of this machine if no stack is running',
    ['models list --json'],
  ).action(async () => {
    const { config, out } = createApp();
    const catalogue = await catalogueConfig(config);
    const { manifests, damaged } = catalogue
      ? await listCatalogue(createModelRegistry(createObjectStore(catalogue.objectStore)))
      : await listLocal(config);
    out.result(manifests.map(summaryOf), formatModels(manifests));
    for (const reason of damaged) out.note(reason);
    if (!catalogue && manifests.length > 0) {
      out.note(`No stack is running on ${config.dataDir}; these are the models on this machine.`);
    }
  });
}

async function listCatalogue(models: ModelRegistry) {
  const damaged = (await models.listDamaged()).map(({ reason }) => reason);
  return { manifests: await models.list(), damaged };
}

async function listLocal(config: Config) {
  const { models, damaged } = await listLocalModels(config);
  return { manifests: models.map(({ manifest }) => manifest), damaged };
}

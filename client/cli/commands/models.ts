import type { Command } from 'commander';
import prettyBytes from 'pretty-bytes';
import { createModelRegistry } from '../../../adapters/store/model-registry.js';
import { createObjectStore } from '../../../adapters/store/minio-object-store.js';
import type { ModelManifest } from '../../../domain/model-manifest.js';
import { pullModel } from '../../../stack/models/pull-model.js';
import type { App } from '../app.js';
import { type CreateApp, newCommand } from '../command.js';
import { hasServers, runningStackConfig, settingsInUse } from '../connect.js';
import { formatTable } from '../format.js';
import { publishModel } from '../initialise.js';

export function modelsCommand(createApp: CreateApp): Command {
  const models = newCommand('models', 'get networks, and list those of the catalogue', [
    'models pull',
    'models pull yolov8n',
    'models list',
  ]);
  models.addCommand(pullCommand(createApp));
  models.addCommand(listCommand(createApp));
  return models;
}

function pullCommand(createApp: CreateApp): Command {
  return newCommand('pull', 'get a network, verified by its SHA-256', ['models pull yolov8n'])
    .argument('[name]', 'yolox_nano or yolov8n; without one, the first that can be had')
    .action(async (name: string | undefined) => {
      const app = createApp();
      const { config, out } = app;
      const catalogue =
        (await runningStackConfig(config)) ?? (hasServers(config) ? config : undefined);
      const request = { name, config, onStep: out.step, onProgress: downloadProgress(app) };
      if (!catalogue) {
        const { path, model } = await pullModel(request);
        out.result({ ...model, path, published: false }, `${path} (licence ${model.licence})`);
        out.note('The stack puts it into the catalogue when it starts: vidette up');
        return;
      }
      const registry = createModelRegistry(createObjectStore(catalogue.objectStore));
      const manifest = await publishModel(request, registry);
      out.result({ ...summaryOf(manifest), published: true }, formatModels([manifest]));
    });
}

const PROGRESS_EVERY_MS = 2000;

function downloadProgress({ out }: App) {
  let saidAt = Date.now();
  return (done: number, total: number) => {
    if (Date.now() - saidAt < PROGRESS_EVERY_MS) return;
    saidAt = Date.now();
    out.step(`${prettyBytes(done)} of ${prettyBytes(total)}`);
  };
}

function listCommand(createApp: CreateApp): Command {
  return newCommand('list', 'list the catalogue', ['models list --json']).action(async () => {
    const { config, out } = createApp();
    const { objectStore } = await settingsInUse(config);
    const manifests = await createModelRegistry(createObjectStore(objectStore)).list();
    out.result(manifests.map(summaryOf), formatModels(manifests));
  });
}

function summaryOf({ labels, ...manifest }: ModelManifest) {
  return { ...manifest, classes: labels.length };
}

function formatModels(manifests: readonly ModelManifest[]): string {
  if (manifests.length === 0) return 'No models. Get one with: vidette models pull';
  const rows = manifests.map(({ name, version, input, labels, licence, size_bytes, sha256 }) => [
    `${name}@${version}`,
    `${input.width}x${input.height}`,
    String(labels.length),
    prettyBytes(size_bytes),
    licence,
    sha256.slice(0, 12),
  ]);
  return formatTable([['MODEL', 'INPUT', 'CLASSES', 'SIZE', 'LICENCE', 'SHA-256'], ...rows]);
}

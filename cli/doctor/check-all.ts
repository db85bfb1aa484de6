import { mkdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import prettyBytes from 'pretty-bytes';
import { availableFences, FENCES, type Fence } from '../../adapters/ffmpeg/launcher.js';
import { createObjectStore } from '../../adapters/store/minio-object-store.js';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import type { Config } from '../../config/index.js';
import { messageOf } from '../../domain/errors.js';
import { KNOWN_MODEL_FILES } from '../../domain/model/known-models.js';
import { stackStatus } from '../../stack/index.js';
import { isVerified } from '../../stack/model-sources/verified-file.js';
import { runningStackConfig } from '../connect.js';
import type { Check } from './check.js';
import { checkMlflow } from './check-mlflow.js';
import { checkNode } from './check-node.js';
import { checkSearchAttributes } from './check-search-attributes.js';
import { checkRenderSupport, checkTools } from './check-tools.js';

const DISK_LOW = 10 * 1024 ** 3;
const DISK_TOO_LOW = 1024 ** 3;

/** Checks everything that Vidette needs on this machine; installs and starts nothing. */
export async function checkAll(config: Config): Promise<Check[]> {
  const groups = await Promise.all([
    Promise.resolve([checkNode(process.versions.node), checkCores(config)]),
    checkTools(config),
    checkRenderSupport(config),
    checkFences(),
    checkDisk(config),
    checkModel(config),
    checkStack(config),
    checkSearchAttributes(config),
    checkMlflow(config),
  ]);
  return groups.flat();
}

function checkCores({ cores, lanes, laneThreads }: Config): Check {
  const use = `${lanes} x ${laneThreads} for detection`;
  return { name: 'cores', state: 'ok', message: `${cores.count} (${cores.reason}); ${use}` };
}

async function checkFences(): Promise<Check[]> {
  const available = await availableFences();
  const names = Object.keys(FENCES) as Fence[]; // the keys of this record
  return names.map((name) =>
    available.includes(name)
      ? { name, state: 'ok', message: FENCES[name] }
      : {
          name,
          state: 'note',
          message: `unavailable: nothing ${FENCES[name]}. ffmpeg runs without this protection.`,
        },
  );
}

async function checkDisk({ dataDir }: Config): Promise<Check[]> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const { bavail, bsize } = await statfs(dataDir);
  const free = bavail * bsize;
  const state = free < DISK_TOO_LOW ? 'missing' : free < DISK_LOW ? 'note' : 'ok';
  const advice =
    state === 'ok'
      ? ''
      : '; frames and results may need more: free some space, or use --frames none';
  return [{ name: 'disk', state, message: `${prettyBytes(free)} free for ${dataDir}${advice}` }];
}

async function checkModel(config: Config): Promise<Check[]> {
  const running = await runningStackConfig(config);
  const names = running ? await catalogue(running) : await localModels(config);
  const where = running ? 'in the catalogue' : 'on this machine';
  if (names.length > 0)
    return [{ name: 'model', state: 'ok', message: `${names.join(', ')} ${where}` }];
  const message = `none ${where}. Download one with "vidette models pull".`;
  return [{ name: 'model', state: 'missing', message }];
}

async function catalogue({ objectStore }: Config): Promise<string[]> {
  const manifests = await createModelRegistry(createObjectStore(objectStore)).list();
  return manifests.map(({ name, version }) => `${name}@${version}`);
}

async function localModels({ dataDir, modelsDir }: Config): Promise<string[]> {
  const folders = [join(dataDir, 'models'), ...(modelsDir === undefined ? [] : [modelsDir])];
  const found: string[] = [];
  for (const { file, facts } of KNOWN_MODEL_FILES) {
    const verified = await Promise.all(
      folders.map((folder) => isVerified(join(folder, file), facts).catch(() => false)),
    );
    if (verified.includes(true)) found.push(facts.name);
  }
  return found;
}

async function checkStack(config: Config): Promise<Check[]> {
  try {
    const status = Object.entries(await stackStatus(config));
    const down = status.filter(([, { state }]) => state !== 'running');
    const none = status.every(([, { pid }]) => pid === null);
    if (down.length === 0) return [{ name: 'stack', state: 'ok', message: 'running' }];
    const message = none
      ? 'not running. Start it with "vidette up".'
      : down.map(([name, { state, reason }]) => `${name}: ${reason ?? state}`).join('; ');
    return [{ name: 'stack', state: 'note', message }];
  } catch (error) {
    return [{ name: 'stack', state: 'note', message: messageOf(error) }];
  }
}

import { copyFile, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { YOLOX_NANO_FILE } from '../../domain/model/known-models.js';
import { run } from './container-tools.js';

/** Settings of npm that decide from where it takes packages. */
const NPM_SETTINGS = ['registry', 'proxy', 'https-proxy', 'noproxy', 'strict-ssl'];

/**
 * Arguments of buildah for all stages of deploy/Dockerfile: the folder of the model, and as secrets the
 * registry and the certificates of the caller's npm, which the image does not keep.
 */
export async function argumentsFromSource(folder: string, model: string): Promise<string[]> {
  const models = join(folder, 'models');
  await mkdir(models);
  await copyFile(model, join(models, YOLOX_NANO_FILE.file));
  const settings = await Promise.all(NPM_SETTINGS.map(settingOf));
  const npmrc = join(folder, 'npmrc');
  await writeFile(npmrc, settings.filter((line) => line !== undefined).join('\n'));
  const certificates = process.env['NODE_EXTRA_CA_CERTS'] ?? (await npmConfig('cafile'));
  const hasFile = certificates && (await stat(certificates).catch(() => undefined));
  return [
    ...['--build-context', `models=${models}`, '--secret', `id=npmrc,src=${npmrc}`],
    ...(hasFile ? ['--secret', `id=certificates,src=${certificates}`] : []),
  ];
}

async function settingOf(name: string): Promise<string | undefined> {
  const value = await npmConfig(name);
  return value && `${name}=${value}`;
}

/** Value of a setting of npm; undefined if it is not set. */
async function npmConfig(name: string): Promise<string | undefined> {
  const value = await run('npm', ['config', 'get', name]);
  return value === '' || value === 'null' || value === 'undefined' ? undefined : value;
}

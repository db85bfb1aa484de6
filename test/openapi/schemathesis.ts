import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

const folder = import.meta.dirname;

/** How a run ended, with all that it told. */
export interface Checked {
  readonly exitCode: number | undefined;
  readonly report: string;
}

export interface CheckOptions {
  readonly url: string;
  /** A key with all rights. */
  readonly key: string;
  /** A job that is done. */
  readonly eventId: string;
  readonly cacheDir: string;
  /** Where it works. */
  readonly workDir: string;
}

/** Asks a running API, by its own description, for what it promises and for what it must refuse. */
export async function runSchemathesis(options: CheckOptions): Promise<Checked> {
  const python = await prepare(options.cacheDir);
  const template = await readFile(join(folder, 'schemathesis.toml'), 'utf8');
  const config = join(options.workDir, 'schemathesis.toml');
  await writeFile(config, template.replaceAll('EVENT_ID', options.eventId));
  const args = ['-m', 'schemathesis.cli', '--config-file', config, '--no-color', 'run'];
  const header = `Authorization: Bearer ${options.key}`;
  const { exitCode, all } = await execa(
    python,
    [...args, `${options.url}/openapi.json`, '--header', header],
    { cwd: options.workDir, all: true, reject: false },
  );
  return { exitCode, report: all };
}

/** Makes the environment once for each version, in the cache folder; about half a minute. */
async function prepare(cacheDir: string): Promise<string> {
  const requirements = join(folder, 'requirements.txt');
  const [, version = ''] = (await readFile(requirements, 'utf8')).trim().split('==');
  const environment = join(cacheDir, `schemathesis-${version}`);
  const python = join(environment, 'bin/python');
  const done = join(environment, 'ready');
  if (await stat(done).catch(() => undefined)) return python;
  await execa('python3', ['-m', 'venv', environment]);
  await execa(python, ['-m', 'pip', 'install', '-q', '-r', requirements]);
  await mkdir(done, { recursive: true });
  return python;
}

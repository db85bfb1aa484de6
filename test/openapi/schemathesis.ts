import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { prepareOpenapiTools } from './python.js';

const folder = import.meta.dirname;

/** Exit code and output of a run. */
export interface CheckResult {
  readonly exitCode: number | undefined;
  readonly report: string;
}

export interface CheckOptions {
  readonly url: string;
  /** API key with all scopes. */
  readonly key: string;
  /** Event id of a finished job. */
  readonly eventId: string;
  readonly cacheDir: string;
  /** Working directory of the run. */
  readonly workDir: string;
}

/** Tests a running API against its OpenAPI description with valid and invalid requests. */
export async function runSchemathesis(options: CheckOptions): Promise<CheckResult> {
  const bin = await prepareOpenapiTools(options.cacheDir);
  const template = await readFile(join(folder, 'schemathesis.toml'), 'utf8');
  const config = join(options.workDir, 'schemathesis.toml');
  await writeFile(config, template.replaceAll('EVENT_ID', options.eventId));
  const args = ['-m', 'schemathesis.cli', '--config-file', config, '--no-color', 'run'];
  const header = `Authorization: Bearer ${options.key}`;
  const { exitCode, all } = await execa(
    join(bin, 'python'),
    [...args, `${options.url}/openapi.json`, '--header', header],
    { cwd: options.workDir, all: true, reject: false },
  );
  return { exitCode, report: all };
}

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { projectFile } from '../../platform/package-root.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-start-up-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs a command and returns its output and the packages that it imported. */
const packagesOf = (...args: string[]) => packagesOfScript('dist/cli/main.js', args);

async function packagesOfScript(
  script: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
) {
  const env = { NODE_V8_COVERAGE: folder, ...variables };
  const { stdout } = await execa(process.execPath, [projectFile(script), ...args], {
    ...{ env, reject: false },
  });
  const packages = new Set<string>();
  for (const name of await readdir(folder)) {
    const coverage = await readFile(join(folder, name), 'utf8');
    for (const [, found] of coverage.matchAll(/node_modules\/((?:@[^/"]+\/)?[^/"]+)\//g)) {
      packages.add(found ?? '');
    }
  }
  return { stdout, packages: [...packages].sort() };
}

test.each([['--help'], ['--version'], ['jbos']])(
  'imports only the parser and colours for %s',
  async (argument) => {
    const { packages } = await packagesOf(argument);
    expect(packages).toEqual(['commander', 'picocolors']);
  },
);

test.each([
  ['detect', '--help'],
  ['jobs', '--status', 'wrong'],
  ['models', '--help'],
  ['models', 'add', '--help'],
  ['models', 'list', '--help'],
  ['models', 'show', '--help'],
  ['datasets', 'build', '--help'],
  ['datasets', 'export', '--help'],
  ['retrain', '--help'],
  ['completion', 'bash'],
  ['logs', '--help'],
])('imports no client of a server and no decoder for %s %s', async (...args) => {
  const { packages } = await packagesOf(...args);
  expect(packages).toContain('commander');
  for (const client of ['@temporalio/client', 'minio', 'mongodb', 'onnxruntime-node', 'sharp']) {
    expect(packages).not.toContain(client);
  }
});

test.each(['api', 'workers/video', 'workers/detect', 'workers/stream'])(
  'imports nothing that records traces in %s, before the settings are read',
  async (entry) => {
    // The variable is invalid: the process ends when it has read it.
    const invalid = { OTEL_EXPORTER_OTLP_ENDPOINT: 'nowhere' };
    const { packages } = await packagesOfScript(`dist/${entry}/main.js`, [], invalid);
    expect(packages).toContain('@temporalio/client');
    const tracing = packages.filter((name) => /opentelemetry/.test(name));
    // The client of Prometheus imports the interfaces.
    expect(tracing.filter((name) => name !== '@opentelemetry/api')).toEqual([]);
  },
);

test('prints the version of package.json', async () => {
  const { version } = JSON.parse(await readFile(projectFile('package.json'), 'utf8')) as {
    readonly version: string;
  };
  expect((await packagesOf('--version')).stdout).toBe(version);
});

test('does not fail if the reader of its output has left', async () => {
  const command = execa(process.execPath, [projectFile('dist/cli/main.js'), '--help'], {
    reject: false,
    buffer: { stdout: false },
  });
  command.stdout.destroy();
  const { exitCode, stderr } = await command;
  expect([exitCode, stderr]).toEqual([0, '']);
});

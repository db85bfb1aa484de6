import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import openapiTS, { astToString } from 'openapi-typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../config/index.js';
import { listen } from '../support/listening-api.js';
import { prepareOpenapiTools } from './python.js';

const folder = import.meta.dirname;
const PYTHON_PACKAGE = 'vidette_client';

let workDir: string;
let document: string;
beforeAll(async () => {
  workDir = await mkdtemp(join(tmpdir(), 'vidette-clients-'));
  document = join(workDir, 'openapi.json');
  const api = await listen({});
  try {
    await writeFile(document, (await api.ask('/openapi.json')).body);
  } finally {
    await api.server.close();
  }
});
afterAll(() => rm(workDir, { recursive: true, force: true }));

describe('clients generated from /openapi.json', () => {
  it('compile in TypeScript', async () => {
    const types = astToString(await openapiTS(await readFile(document, 'utf8')));
    await writeFile(join(workDir, 'vidette.d.ts'), types);
    await cp(join(folder, 'clients/use-types.ts.txt'), join(workDir, 'use-types.ts'));
    const tsc = join(folder, '../../node_modules/typescript/bin/tsc');
    const options = ['--strict', '--noEmit', '--module', 'nodenext'];
    const { exitCode, all } = await execa(process.execPath, [tsc, ...options, 'use-types.ts'], {
      ...{ cwd: workDir, all: true, reject: false },
    });
    expect([exitCode, all]).toEqual([0, '']);
  });

  it('import and run in Python', async () => {
    const bin = await prepareOpenapiTools(readConfig().cacheDir);
    const env = { PATH: `${bin}:${process.env['PATH']}` };
    const options = { cwd: workDir, env, all: true, reject: false } as const;
    const config = join(folder, 'python-client.yaml');
    const target = ['--meta', 'none', '--output-path', PYTHON_PACKAGE];
    const generated = await execa(
      join(bin, 'openapi-python-client'),
      ['generate', '--path', document, '--config', config, '--fail-on-warning', ...target],
      options,
    );
    expect([generated.exitCode, generated.all]).toEqual([0, expect.any(String)]);
    await cp(join(folder, 'clients/use_client.py'), join(workDir, 'use_client.py'));
    const used = await execa(join(bin, 'python'), ['use_client.py'], options);
    expect([used.exitCode, used.all]).toEqual([0, expect.stringMatching(/^\d{3}$/)]);
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFile } from '../platform/package-root.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-scripts-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the language lint', () => {
  const check = async (text: string) => {
    const file = join(folder, 'planted.ts');
    await writeFile(file, text);
    return execa(process.execPath, [projectFile('scripts/check-language.mjs'), file], {
      reject: false,
    });
  };

  it('reports a flagged word of a comment with its line and the word to use', async () => {
    const { exitCode, stderr } = await check(
      'const a = 1;\n/** Renders it anew. */\nconst b = a;\n',
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain('planted.ts:2:16 "anew": use again');
  });

  it('reports a flagged phrase whatever its case and spacing', async () => {
    const { exitCode, stderr } = await check("const text = 'It waits For  ever.';\n");
    expect(exitCode).toBe(1);
    expect(stderr).toContain('"for ever"');
  });

  it('accepts identifiers that contain a flagged word', async () => {
    expect(await check('const renewal = 1; const isPictureLike = renewal;\n')).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
  });
});

describe('the check of the Node version', () => {
  it.each(['18.20.4', '20.19.5', '22.11.0', '23.1.0'])(
    'stops `npm start` on Node %s with one line',
    async (version) => {
      const fake = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;
      const { exitCode, stdout, stderr } = await execa(
        process.execPath,
        ['--import', `data:text/javascript,${fake}`, projectFile('scripts/start.mjs')],
        { reject: false },
      );
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr.split('\n')).toHaveLength(1);
      expect(stderr).toContain(`this is ${version}`);
    },
  );
});

describe('the lock of the set-up', () => {
  it('works for a user without a name, as in a container', async () => {
    const script = `
      import os from 'node:os';
      import { syncBuiltinESMExports } from 'node:module';
      os.userInfo = () => { throw new Error('no entry in /etc/passwd'); };
      syncBuiltinESMExports();
      const { withSetUpLock } = await import('${pathToFileURL(projectFile('scripts/lock.mjs')).href}');
      console.log(withSetUpLock(() => 'ran'));`;
    const { stdout } = await execa(process.execPath, ['--input-type=module', '-e', script]);
    expect(stdout).toBe('ran');
  });
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { projectFile } from '../../platform/package-root.js';
import { prepareImageTools } from './python-tools.js';

const FILE = projectFile('deploy/Dockerfile');

it('has no finding of hadolint', async () => {
  const bin = await prepareImageTools();
  const config = projectFile('deploy/.hadolint.yaml');
  const { stdout, exitCode } = await execa(
    join(bin, 'hadolint'),
    [
      '--config',
      config,
      FILE,
      ...['runtime', 'node'].map((name) => join(import.meta.dirname, `base/${name}.Dockerfile`)),
    ],
    { reject: false },
  );
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 0 });
});

it('needs no frontend of another registry, and takes its bases from arguments', async () => {
  const text = await readFile(FILE, 'utf8');
  expect(text).not.toMatch(/^# *syntax=/m);
  const bases = [...text.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base!);
  const stages = [...text.matchAll(/^FROM \S+ AS (\S+)/gm)].map(([, stage]) => stage!);
  const isKnown = (base: string) =>
    base === 'scratch' || base.startsWith('${') || stages.includes(base);
  expect(bases.filter((base) => !isKnown(base))).toEqual([]);
});

import { execa } from 'execa';
import { z } from 'zod';

/** npm itself tries again for minutes where a registry is out of reach. */
const LOOK_UP = ['--json', '--fetch-retries=0', '--fetch-timeout=20000'];
const TIMEOUT_MS = 30_000;

/** The address of a package's tarball, asked of the registry that the user's npm is set to. */
export async function npmTarball(spec: string, registry?: string): Promise<string> {
  const from = registry === undefined ? [] : [`--registry=${registry}`];
  const { stdout, stderr, failed, shortMessage } = await execa(
    'npm',
    ['view', spec, 'dist.tarball', ...LOOK_UP, ...from],
    { timeout: TIMEOUT_MS, reject: false, stdin: 'ignore' },
  );
  if (failed) throw new Error(`npm view failed (${firstError(stderr) ?? shortMessage})`);
  return z.url().parse(JSON.parse(stdout));
}

function firstError(stderr: string): string | undefined {
  return /^npm error (?!code|errno|syscall)(.+)$/m.exec(stderr)?.[1];
}

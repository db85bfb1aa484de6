import { execa } from 'execa';
import { z } from 'zod';

/** Without these, npm retries for minutes if a registry is unreachable. */
const VIEW_OPTIONS = ['--json', '--fetch-retries=0', '--fetch-timeout=20000'];
const TIMEOUT_MS = 30_000;

/** Looks up the URL of a package's tarball in the registry that npm is configured for. */
export async function findNpmTarball(spec: string, registry?: string): Promise<string> {
  const from = registry === undefined ? [] : [`--registry=${registry}`];
  const { stdout, stderr, failed, shortMessage } = await execa(
    'npm',
    ['view', spec, 'dist.tarball', ...VIEW_OPTIONS, ...from],
    { timeout: TIMEOUT_MS, reject: false, stdin: 'ignore' },
  );
  if (failed) throw new Error(`npm view failed (${firstError(stderr) ?? shortMessage})`);
  return z.url().parse(JSON.parse(stdout));
}

function firstError(stderr: string): string | undefined {
  return /^npm error (?!code|errno|syscall)(.+)$/m.exec(stderr)?.[1];
}

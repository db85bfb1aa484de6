import { join } from 'node:path';
import { checkExecutable, findOnPath, type Check } from './executables.js';
import type { ToolSource } from './find-tool.js';

/** Source for the path in an environment variable; undefined if it is not set. */
export function fromEnvironment(
  variable: string,
  path: string | undefined,
  kind: string,
  check: Check,
): ToolSource | undefined {
  if (path === undefined) return undefined;
  return {
    title: variable,
    find: async () => ({ path: await checkExecutable(path, check), kind }),
  };
}

/** Source for an executable on the search path. */
export function fromPath(name: string, searchPath: string, check: Check): ToolSource {
  return {
    title: `${name} on PATH`,
    find: async () => {
      const path = await findOnPath(name, searchPath);
      if (path === undefined) throw new Error('not found');
      return { path: await checkExecutable(path, check), kind: name };
    },
  };
}

/** Source for an executable in the cache folder, whose file name contains its version. */
export function fromCache(
  binDir: string,
  fileName: string,
  kind: string,
  check: Check,
): ToolSource {
  const path = join(binDir, fileName);
  return {
    title: 'cache folder',
    find: async () => ({ path: await checkExecutable(path, check), kind }),
  };
}

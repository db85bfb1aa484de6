import { join } from 'node:path';
import { checked, findOnPath, type Check } from './executables.js';
import type { ToolSource } from './find-tool.js';

/** The path that an environment variable names; undefined when it is not set. */
export function fromEnvironment(
  variable: string,
  path: string | undefined,
  kind: string,
  check: Check,
): ToolSource | undefined {
  if (path === undefined) return undefined;
  return {
    title: variable,
    find: async () => ({ path: await checked(path, check), kind }),
  };
}

/** An executable on the search path. */
export function fromPath(name: string, searchPath: string, check: Check): ToolSource {
  return {
    title: `${name} on PATH`,
    find: async () => {
      const path = await findOnPath(name, searchPath);
      if (path === undefined) throw new Error('not there');
      return { path: await checked(path, check), kind: name };
    },
  };
}

/** An executable in the cache folder, whose file name holds its version. */
export function fromCache(
  binDir: string,
  fileName: string,
  kind: string,
  check: Check,
): ToolSource {
  const path = join(binDir, fileName);
  return { title: 'cache folder', find: async () => ({ path: await checked(path, check), kind }) };
}

import { projectFile } from '../../platform/package-root.js';
import type { Check } from './executables.js';
import { findTool, type ToolSource } from './find-tool.js';
import { fromGo } from './go-build.js';
import { hashOfFolder } from './hash-of-folder.js';
import { fromCache } from './sources.js';
import type { ToolContext } from './tool-context.js';

/** A program that the Go toolchain builds on its first use. */
export interface GoProgram {
  readonly name: string;
  /** Folder of its `go.mod` in the project. */
  readonly folder: string;
  /** Package to build: one in the folder, or one that its `go.mod` requires. */
  readonly package: string;
  /** Values for string variables of the program, `package.Name=value`. */
  readonly variables?: readonly string[];
  readonly check: Check;
  /** Duration and size, for messages. */
  readonly takes: string;
}

/**
 * Returns the path of a program, which is built if it is not in the cache folder.
 * @param lookups Other places where it may be.
 */
export async function findGoProgram(
  program: GoProgram,
  context: ToolContext,
  lookups: readonly ToolSource[] = [],
): Promise<string> {
  const { name, check, takes, variables = [] } = program;
  const { binDir, onStep, config } = context;
  const fileName = goProgramFile(program);
  const folder = projectFile(program.folder);
  const build = fromGo({
    ...{ kind: name, target: { folder, title: name, package: program.package, variables } },
    ...{ fileName, check, takes, binDir, searchPath: config.tools.searchPath, onStep },
  });
  const tool = {
    name,
    lookups: [...lookups, fromCache(binDir, fileName, name, check)],
    installs: [build],
    manualSteps: 'install Go (https://go.dev/dl) and try again.',
  };
  return (await findTool(tool, context)).path;
}

/** Name of a program in the cache folder, which is another one for each version. */
export function goProgramFile({ name, folder }: Pick<GoProgram, 'name' | 'folder'>): string {
  return `${name}-${hashOfFolder(projectFile(folder))}`;
}

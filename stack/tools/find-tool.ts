import { join } from 'node:path';
import { AppError, messageOf } from '../../domain/errors.js';
import { withLock } from '../supervisor/lock.js';
import type { OnStep } from '../on-step.js';

/** An executable that was found; `kind` distinguishes interchangeable tools. */
export interface FoundTool {
  readonly path: string;
  readonly kind: string;
}

/** One way to get a tool; `find` rejects with the reason if it is not available. */
export interface ToolSource {
  readonly title: string;
  /** Message before `find` if it takes time: what will be done and how long it may take. */
  readonly announce?: string;
  find(): Promise<FoundTool>;
}

export interface Tool {
  readonly name: string;
  /** Tools with the same lock are installed one after the other; default: `name`. */
  readonly lockName?: string;
  /** Path configured in the environment; if set, nothing else is tried. */
  readonly explicit?: ToolSource;
  /** Places where it may already be installed. */
  readonly lookups: readonly ToolSource[];
  /** Ways to install it, tried in order under a lock. */
  readonly installs: readonly ToolSource[];
  /** Advice if everything fails. */
  readonly manualSteps: string;
}

/** Sources of one of several interchangeable tools. */
export type ToolSources = Pick<Tool, 'explicit' | 'lookups' | 'installs'>;

export interface FindToolOptions {
  /** Cache folder for executables. */
  readonly binDir: string;
  readonly onStep: OnStep;
}

const LOCK_TIMEOUT_MS = 30 * 60_000;

/** Finds or installs a tool. @throws AppError `SETUP_FAILED` with the reason for each source. */
export async function findTool(tool: Tool, options: FindToolOptions): Promise<FoundTool> {
  const tried: string[] = [];
  const attempt = (sources: readonly ToolSource[]) =>
    findFirst(tool, sources, options.onStep, tried);
  if (tool.explicit) return (await attempt([tool.explicit])) ?? fail(tool, tried);
  const found = await attempt(tool.lookups);
  if (found) return found;
  return withLock(
    join(options.binDir, tool.lockName ?? tool.name),
    lockOptions(tool, options),
    async () => {
      // Another process may have installed it while this one waited for the lock.
      tried.length = 0;
      return (await attempt([...tool.lookups, ...tool.installs])) ?? fail(tool, tried);
    },
  );
}

function lockOptions(tool: Tool, { onStep }: FindToolOptions) {
  const waitingFor = `${tool.name}: waiting for another process that is installing it.`;
  return { onStep, waitingFor, timeoutMs: LOCK_TIMEOUT_MS };
}

async function findFirst(
  tool: Tool,
  sources: readonly ToolSource[],
  onStep: OnStep,
  tried: string[],
): Promise<FoundTool | undefined> {
  for (const source of sources) {
    if (source.announce) onStep(`${tool.name}: ${source.announce}`);
    try {
      const found = await source.find();
      if (source.announce) onStep(`${tool.name}: ready at ${found.path}`);
      return found;
    } catch (error) {
      tried.push(`${source.title}: ${messageOf(error)}`);
      if (source.announce) onStep(`${tool.name}: ${source.title} failed: ${messageOf(error)}`);
    }
  }
  return undefined;
}

function fail(tool: Tool, tried: readonly string[]): never {
  const steps = tried.map((step, index) => `  ${index + 1}. ${step}`).join('\n');
  throw new AppError(
    'SETUP_FAILED',
    `${tool.name} could not be set up. Tried:\n${steps}\nInstall it manually: ${tool.manualSteps}`,
    { tool: tool.name },
  );
}

import { join } from 'node:path';
import { AppError, messageOf } from '../../domain/errors.js';
import { withLock } from '../supervisor/lock.js';
import type { OnStep } from '../on-step.js';

/** An executable that was found; `kind` tells tools apart that stand in for each other. */
export interface FoundTool {
  readonly path: string;
  readonly kind: string;
}

/** One way to come by a tool: resolves with it, or rejects with the reason why not. */
export interface ToolSource {
  readonly title: string;
  /** What will be done and how long it may take, for sources that take longer than a moment. */
  readonly announce?: string;
  find(): Promise<FoundTool>;
}

export interface Tool {
  readonly name: string;
  /** Given by hand in the environment: then nothing else is tried. */
  readonly explicit?: ToolSource;
  /** Places where it may be already. */
  readonly lookups: readonly ToolSource[];
  /** Ways to get it, tried in order under a lock. */
  readonly installs: readonly ToolSource[];
  readonly byHand: string;
}

export interface FindToolOptions {
  /** The cache folder for executables. */
  readonly binDir: string;
  readonly onStep: OnStep;
}

const LOCK_TIMEOUT_MS = 30 * 60_000;

/** Finds a tool or sets it up. @throws AppError `SETUP_FAILED` that names each step tried. */
export async function findTool(tool: Tool, options: FindToolOptions): Promise<FoundTool> {
  const tried: string[] = [];
  const attempt = (sources: readonly ToolSource[]) => firstOf(tool, sources, options.onStep, tried);
  if (tool.explicit) return (await attempt([tool.explicit])) ?? fail(tool, tried);
  const found = await attempt(tool.lookups);
  if (found) return found;
  return withLock(join(options.binDir, tool.name), lockOptions(tool, options), async () => {
    // Another process may have set it up while this one waited for the lock.
    tried.length = 0;
    return (await attempt([...tool.lookups, ...tool.installs])) ?? fail(tool, tried);
  });
}

function lockOptions(tool: Tool, { onStep }: FindToolOptions) {
  const waitingFor = `${tool.name}: waiting for another process that is setting it up.`;
  return { onStep, waitingFor, timeoutMs: LOCK_TIMEOUT_MS };
}

async function firstOf(
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
    `${tool.name} could not be set up. Tried:\n${steps}\nBy hand: ${tool.byHand}`,
    { tool: tool.name },
  );
}

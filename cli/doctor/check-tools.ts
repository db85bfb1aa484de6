import { execa } from 'execa';
import type { Config } from '../../config/index.js';
import { messageOf } from '../../domain/errors.js';
import { storeKinds } from '../../stack/store-kinds.js';
import { documentStoreTool } from '../../stack/tools/document-store.js';
import { ffmpegTool } from '../../stack/tools/ffmpeg.js';
import type { Tool } from '../../stack/tools/find-tool.js';
import { objectStoreTool } from '../../stack/tools/object-store.js';
import { temporalTool } from '../../stack/tools/temporal.js';
import { createToolContext } from '../../stack/tools/tool-context.js';
import type { Check } from './check.js';
import { checkRenderTools } from './check-render-tools.js';

const VERSION_TIMEOUT_MS = 10_000;

/** Checks ffmpeg, ffprobe and the servers' executables: paths and versions. */
export async function checkTools(config: Config): Promise<Check[]> {
  const context = createToolContext({ config, onStep: () => undefined });
  const kinds = storeKinds(config.dataDir);
  const tools = [
    { tool: ffmpegTool('ffmpeg', context), args: ['-version'] },
    { tool: ffmpegTool('ffprobe', context), args: ['-version'] },
    { tool: temporalTool(context), args: ['--version'] },
    { tool: objectStoreTool(context, kinds.objectStore), args: ['--version'] },
    { tool: documentStoreTool(context, kinds.documentStore), args: ['--version'] },
  ];
  return Promise.all(tools.map(({ tool, args }) => checkTool(tool, args)));
}

/** Checks what renders need; returns nothing if ffmpeg is missing. */
export async function checkRenderSupport(config: Config): Promise<Check[]> {
  const context = createToolContext({ config, onStep: () => undefined });
  const { path: ffmpeg } = await findTool(ffmpegTool('ffmpeg', context));
  return ffmpeg === undefined ? [] : checkRenderTools({ ffmpeg, fcList: 'fc-list' });
}

/** Returns the path of a tool, or the reason for each place where it was not found. */
async function findTool(
  tool: Tool,
): Promise<{ readonly path?: string; readonly reasons: string[] }> {
  const reasons: string[] = [];
  for (const source of tool.explicit ? [tool.explicit] : tool.lookups) {
    try {
      const { path } = await source.find();
      return { path, reasons };
    } catch (error) {
      reasons.push(`${source.title}: ${messageOf(error)}`);
    }
  }
  return { reasons };
}

async function checkTool(tool: Tool, args: readonly string[]): Promise<Check> {
  const { path, reasons } = await findTool(tool);
  if (path !== undefined) {
    return { name: tool.name, state: 'ok', message: `${path}${await versionOf(path, args)}` };
  }
  const message = `not found (${reasons.join('; ')}). "vidette up" installs it; to install it manually: ${tool.manualSteps}`;
  return { name: tool.name, state: 'missing', message };
}

async function versionOf(path: string, args: readonly string[]): Promise<string> {
  const run = await execa(path, args, { reject: false, all: true, timeout: VERSION_TIMEOUT_MS });
  const version = /version:?\s+(n?\d\S*)/i.exec(run.all)?.[1];
  return version === undefined ? '' : `, version ${version.replace(/[,;]$/, '')}`;
}

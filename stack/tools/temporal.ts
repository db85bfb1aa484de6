import type { Tool } from './find-tool.js';
import { fromGo } from './go-build.js';
import { type Archive, fromRelease } from './release.js';
import { fromCache, fromEnvironment, fromPath } from './sources.js';
import type { ToolContext } from './tool-context.js';

const VERSION = '1.5.1';
const FILE_NAME = `temporal-${VERSION}`;
const MODULE = `github.com/temporalio/cli/cmd/temporal@v${VERSION}`;
const CHECK = { args: ['--version'], expects: /temporal version|Server \d/i };

/** Temporal's CLI, which includes its development server and Web UI. */
export function temporalTool(context: ToolContext): Tool {
  const { config, binDir, onStep } = context;
  const { searchPath, temporalReleases: releases } = config.tools;
  const target = { kind: 'temporal', binDir, fileName: FILE_NAME, check: CHECK };
  return {
    name: 'temporal',
    explicit: fromEnvironment('VIDETTE_TEMPORAL', config.tools.temporal, 'temporal', CHECK),
    lookups: [
      fromPath('temporal', searchPath, CHECK),
      fromCache(binDir, FILE_NAME, 'temporal', CHECK),
    ],
    installs: [
      fromRelease(
        {
          ...target,
          ...{ version: VERSION, releases, takes: '60 MB, about a minute', archive: archiveHere },
        },
        context,
      ),
      fromGo({
        ...target,
        ...{ target: { module: MODULE }, takes: 'about 2 minutes, 250 MB', searchPath, onStep },
      }),
    ],
    manualSteps: `install Temporal's CLI (https://docs.temporal.io/cli) so that \`temporal\` is on PATH; or install Go and run \`go install ${MODULE}\`; or set VIDETTE_TEMPORAL to the executable.`,
  };
}

function archiveHere(): Archive {
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch as string];
  const hasRelease = process.platform === 'linux' || process.platform === 'darwin';
  if (arch !== undefined && hasRelease) {
    const name = `temporal_cli_${VERSION}_${process.platform}_${arch}.tar.gz`;
    return { name, member: 'temporal' };
  }
  throw new Error(`no release for ${process.platform} on ${process.arch}`);
}

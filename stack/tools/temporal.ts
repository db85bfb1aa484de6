import { projectFile } from '../../platform/package-root.js';
import type { Tool } from './find-tool.js';
import { fromGo } from './go-build.js';
import { type Archive, fromRelease } from './release.js';
import { fromCache, fromEnvironment, fromPath } from './sources.js';
import type { ToolContext } from './tool-context.js';

const VERSION = '1.10.0';
const FILE_NAME = `temporal-${VERSION}`;
/** Newest version that can be built from published modules. */
const GO_VERSION = '1.9.1';
const GO_FILE_NAME = `temporal-${GO_VERSION}`;
const CHECK = { args: ['--version'], expects: /temporal version|Server \d/i };

/** Temporal's CLI, which includes its development server and Web UI. */
export function temporalTool(context: ToolContext): Tool {
  const { config, binDir, onStep } = context;
  const { searchPath, temporalReleases: releases } = config.tools;
  const target = { kind: 'temporal', binDir, check: CHECK };
  return {
    name: 'temporal',
    explicit: fromEnvironment('VIDETTE_TEMPORAL', config.tools.temporal, 'temporal', CHECK),
    lookups: [
      fromPath('temporal', searchPath, CHECK),
      fromCache(binDir, FILE_NAME, 'temporal', CHECK),
      fromCache(binDir, GO_FILE_NAME, 'temporal', CHECK),
    ],
    installs: [
      fromRelease(
        {
          ...{ ...target, fileName: FILE_NAME, version: VERSION, releases },
          ...{ takes: '60 MB, about a minute', archive: archiveHere },
        },
        context,
      ),
      fromGo({
        ...{ ...target, fileName: GO_FILE_NAME, searchPath, onStep },
        ...{ target: goTarget(), takes: 'about 4 minutes, 240 MB' },
      }),
    ],
    manualSteps: `install Temporal's CLI (https://docs.temporal.io/cli) so that \`temporal\` is on PATH; or install Go (https://go.dev/dl) and try again; or set VIDETTE_TEMPORAL to the executable.`,
  };
}

function goTarget() {
  return {
    folder: projectFile('stack/servers/temporal-cli'),
    title: `Temporal's CLI ${GO_VERSION}`,
    package: 'github.com/temporalio/cli/cmd/temporal',
    variables: [`github.com/temporalio/cli/internal/temporalcli.Version=${GO_VERSION}`],
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

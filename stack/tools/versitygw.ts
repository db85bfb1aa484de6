import type { ToolSources } from './find-tool.js';
import { fromGo } from './go-build.js';
import { type Archive, fromRelease } from './release.js';
import { fromCache, fromEnvironment, fromPath } from './sources.js';
import type { ToolContext } from './tool-context.js';

const VERSION = '1.8.0';
const FILE_NAME = `versitygw-${VERSION}`;
const MODULE = `github.com/versity/versitygw/cmd/versitygw@v${VERSION}`;
const CHECK = { args: ['--version'], expects: /^versitygw version|^Version *:/im };

/** versitygw, an S3 server that stores each object as a file. */
export function versitygwSources(context: ToolContext): ToolSources {
  const { config, binDir, onStep } = context;
  const { searchPath, versitygwReleases: releases } = config.tools;
  const target = { kind: 'versitygw', binDir, fileName: FILE_NAME, check: CHECK };
  return {
    explicit: fromEnvironment('VIDETTE_VERSITYGW', config.tools.versitygw, 'versitygw', CHECK),
    lookups: [
      fromPath('versitygw', searchPath, CHECK),
      fromCache(binDir, FILE_NAME, 'versitygw', CHECK),
    ],
    installs: [
      fromRelease(
        {
          ...{ ...target, version: VERSION, releases, archive: archiveHere },
          takes: '34 MB, less than a minute',
        },
        context,
      ),
      fromGo({
        ...target,
        ...{ target: { module: MODULE }, takes: 'about 2 minutes, 120 MB', searchPath, onStep },
      }),
    ],
  };
}

function archiveHere(): Archive {
  const arch = { x64: 'x86_64', arm64: 'arm64' }[process.arch as string];
  const system = { linux: 'Linux', darwin: 'Darwin' }[process.platform as string];
  if (arch === undefined || system === undefined) {
    throw new Error(`no release for ${process.platform} on ${process.arch}`);
  }
  const folder = `versitygw_v${VERSION}_${system}_${arch}`;
  return { name: `${folder}.tar.gz`, member: `${folder}/versitygw` };
}

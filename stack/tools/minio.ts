import type { ToolSources } from './find-tool.js';
import { fromGo } from './go-build.js';
import { fromCache, fromEnvironment, fromPath } from './sources.js';
import type { ToolContext } from './tool-context.js';

const VERSION = 'v0.0.0-20260212201848-7aac2a2c5b7c';
const FILE_NAME = `minio-${VERSION.replace(/^v/, '')}`;
const MODULE = `github.com/minio/minio@${VERSION}`;
const CHECK = { args: ['--version'], expects: /^\S*minio\S* version/i };

/** MinIO. There are no recent binaries of its community edition, so it is built from source. */
export function minioSources({ config, binDir, onStep }: ToolContext): ToolSources {
  const { searchPath } = config.tools;
  return {
    explicit: fromEnvironment('VIDETTE_MINIO', config.tools.minio, 'minio', CHECK),
    lookups: [fromPath('minio', searchPath, CHECK), fromCache(binDir, FILE_NAME, 'minio', CHECK)],
    installs: [
      fromGo({
        kind: 'minio',
        target: { module: MODULE },
        fileName: FILE_NAME,
        check: CHECK,
        takes: 'about 2 minutes, 150 MB',
        binDir,
        searchPath,
        onStep,
      }),
    ],
  };
}

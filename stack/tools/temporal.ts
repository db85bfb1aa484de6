import { join } from 'node:path';
import { extract } from 'tar';
import { sha256OfFile } from '../../platform/file-hash.js';
import { downloadFile, downloadText } from './download.js';
import type { Tool, ToolSource } from './find-tool.js';
import { fromGo } from './go-build.js';
import { installInto } from './install-into.js';
import { fromCache, fromEnvironment, fromPath } from './sources.js';
import type { ToolContext } from './tool-context.js';

const VERSION = '1.5.1';
const FILE_NAME = `temporal-${VERSION}`;
const MODULE = `github.com/temporalio/cli/cmd/temporal@v${VERSION}`;
const CHECK = { args: ['--version'], expects: /temporal version|Server \d/i };

/** Temporal's CLI, which includes its development server and Web UI. */
export function temporalTool({ config, binDir, onStep }: ToolContext): Tool {
  const { searchPath, temporalReleases } = config.tools;
  return {
    name: 'temporal',
    explicit: fromEnvironment('VIDETTE_TEMPORAL', config.tools.temporal, 'temporal', CHECK),
    lookups: [
      fromPath('temporal', searchPath, CHECK),
      fromCache(binDir, FILE_NAME, 'temporal', CHECK),
    ],
    installs: [
      fromRelease(temporalReleases, binDir),
      fromGo({
        kind: 'temporal',
        target: { module: MODULE },
        fileName: FILE_NAME,
        check: CHECK,
        takes: 'about 2 minutes, 250 MB',
        binDir,
        searchPath,
        onStep,
      }),
    ],
    manualSteps: `install Temporal's CLI (https://docs.temporal.io/cli) so that \`temporal\` is on PATH; or install Go and run \`go install ${MODULE}\`; or set VIDETTE_TEMPORAL to the executable.`,
  };
}

function fromRelease(releases: string, binDir: string): ToolSource {
  return {
    title: `official release from ${releases}`,
    announce: `downloading the official release ${VERSION} (60 MB, about a minute)`,
    find: async () => {
      const path = await installInto(binDir, FILE_NAME, CHECK, (folder) =>
        downloadRelease(`${releases}/v${VERSION}`, folder),
      );
      return { path, kind: 'temporal' };
    },
  };
}

async function downloadRelease(release: string, folder: string): Promise<string> {
  const name = archiveName();
  const expected = checksumOf(name, await downloadText(`${release}/checksums.txt`));
  const archive = join(folder, name);
  await downloadFile(`${release}/${name}`, archive);
  const actual = await sha256OfFile(archive);
  if (actual !== expected) {
    throw new Error(
      `${name} was rejected: its SHA-256 is ${actual}, but its release lists ${expected}`,
    );
  }
  await extract({ file: archive, cwd: folder, filter: (path) => path === 'temporal' });
  return join(folder, 'temporal');
}

function archiveName(): string {
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch as string];
  const hasRelease = process.platform === 'linux' || process.platform === 'darwin';
  if (arch !== undefined && hasRelease) {
    return `temporal_cli_${VERSION}_${process.platform}_${arch}.tar.gz`;
  }
  throw new Error(`no release for ${process.platform} on ${process.arch}`);
}

function checksumOf(name: string, checksums: string): string {
  const line = checksums.split('\n').find((text) => text.trim().split(/\s+/)[1] === name);
  const checksum = line?.trim().split(/\s+/)[0];
  if (checksum === undefined) throw new Error(`checksums.txt does not list ${name}`);
  return checksum.toLowerCase();
}

import type { ToolSources } from './find-tool.js';
import { fromGo } from './go-build.js';
import { type Archive, fromRelease } from './release.js';
import { fromCache, fromEnvironment, fromPath } from './sources.js';
import type { ToolContext } from './tool-context.js';

const VERSION = '1.8.0';
const FILE_NAME = `versitygw-${VERSION}`;
const MODULE = `github.com/versity/versitygw/cmd/versitygw@v${VERSION}`;
/** SHA-256 of the archives, by platform and architecture as Node names them. */
const SUMS: Checksums = {
  'linux-x64': '2ba2c734d10d2c4e651d03182cb4b246656bc735a2f282db7b0b73fba6073467',
  'linux-arm64': 'b34051d33f5a9c457f790896acb7bd7d7e15ad8d92efb70616b924f37e401910',
  'darwin-x64': '104bd978e80ef0173554cfd8630ccc5bac24b00da440510b60365a3b6b6ab134',
  'darwin-arm64': '4953096f65a9c0d62ab184fb6b2ba7c2435229205cf00a56cb62cd4bf6b216ca',
};
const CHECK = { args: ['--version'], expects: /^versitygw version|^Version *:/im };

type Checksums = Readonly<Record<string, string>>;

/** versitygw, an S3 server that stores each object as a file. */
export function versitygwSources(context: ToolContext, sums: Checksums = SUMS): ToolSources {
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
          ...{ ...target, version: VERSION, releases, archive: () => archiveHere(sums) },
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

function archiveHere(sums: Checksums): Archive {
  const arch = { x64: 'x86_64', arm64: 'arm64' }[process.arch as string];
  const system = { linux: 'Linux', darwin: 'Darwin' }[process.platform as string];
  const sha256 = sums[`${process.platform}-${process.arch}`];
  if (arch === undefined || system === undefined || sha256 === undefined) {
    throw new Error(`no release for ${process.platform} on ${process.arch}`);
  }
  const folder = `versitygw_v${VERSION}_${system}_${arch}`;
  return { name: `${folder}.tar.gz`, member: `${folder}/versitygw`, sha256 };
}

import { projectFile } from '../../platform/package-root.js';
import type { Tool, ToolSource, ToolSources } from './find-tool.js';
import { fromGo } from './go-build.js';
import { hashOfFolder } from './hash-of-folder.js';
import { installInto } from './install-into.js';
import { downloadMongod } from './mongod-release.js';
import { fromCache, fromEnvironment, fromPath } from './sources.js';
import type { ToolContext } from './tool-context.js';

export type DocumentStoreKind = 'mongod' | 'ferretdb';

const MONGOD_VERSION = '8.2.6';
const MONGOD_FILE = `mongod-${MONGOD_VERSION}`;
const MONGOD_CHECK = { args: ['--version'], expects: /db version/ };
const FERRETDB_CHECK = { args: ['-h'], expects: /-listen/ };

/**
 * MongoDB, or FerretDB with SQLite, which implements its protocol. They cannot read each other's files:
 * `kind` selects the one that created a data folder.
 */
export function documentStoreTool(context: ToolContext, kind?: DocumentStoreKind): Tool {
  if (kind === 'ferretdb' && context.config.tools.mongod !== undefined) {
    context.onStep('Ignoring VIDETTE_MONGOD: this data folder was created with FerretDB.');
  }
  const isWanted = (candidate: DocumentStoreKind) => kind === undefined || kind === candidate;
  const mongod = isWanted('mongod') ? mongodSources(context) : undefined;
  const ferretdb = isWanted('ferretdb') ? ferretdbSources(context) : undefined;
  return {
    name: kind ?? 'document-store',
    explicit: mongod?.explicit ?? ferretdb?.explicit,
    lookups: [...(mongod?.lookups ?? []), ...(ferretdb?.lookups ?? [])],
    installs: [...(mongod?.installs ?? []), ...(ferretdb?.installs ?? [])],
    manualSteps:
      'install MongoDB so that `mongod` is on PATH; or install Go 1.24 or newer (https://go.dev/dl) and try again; or set VIDETTE_MONGOD to the executable.',
  };
}

function mongodSources(context: ToolContext): ToolSources {
  const { config, binDir } = context;
  const { mongod, searchPath } = config.tools;
  return {
    explicit: fromEnvironment('VIDETTE_MONGOD', mongod, 'mongod', MONGOD_CHECK),
    lookups: [
      fromPath('mongod', searchPath, MONGOD_CHECK),
      fromCache(binDir, MONGOD_FILE, 'mongod', MONGOD_CHECK),
    ],
    installs: [mongodRelease(context)],
  };
}

function mongodRelease(context: ToolContext): ToolSource {
  return {
    title: `official release of mongod from ${context.config.tools.mongodReleases}`,
    announce: `downloading the official release of mongod ${MONGOD_VERSION} (100 MB, 1 to 2 minutes)`,
    find: async () => {
      const path = await installInto(context.binDir, MONGOD_FILE, MONGOD_CHECK, (folder) =>
        downloadMongod(MONGOD_VERSION, folder, context),
      );
      return { path, kind: 'mongod' };
    },
  };
}

function ferretdbSources({ config, binDir, onStep }: ToolContext): ToolSources {
  const folder = projectFile('stack/servers/ferretdb');
  const fileName = `ferretdb-1.24.0-${hashOfFolder(folder)}`;
  const { searchPath } = config.tools;
  return {
    explicit: fromEnvironment(
      'VIDETTE_FERRETDB',
      config.tools.ferretdb,
      'ferretdb',
      FERRETDB_CHECK,
    ),
    lookups: [fromCache(binDir, fileName, 'ferretdb', FERRETDB_CHECK)],
    installs: [
      fromGo({
        kind: 'ferretdb',
        target: { folder, title: "Vidette's FerretDB", package: '.' },
        fileName,
        check: FERRETDB_CHECK,
        takes: '30 seconds, 36 MB',
        binDir,
        searchPath,
        onStep,
      }),
    ],
  };
}

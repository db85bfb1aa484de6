import { Connection } from '@temporalio/client';
import {
  ALL_SEARCH_ATTRIBUTES,
  SEARCH_ATTRIBUTES,
  SEARCH_ATTRIBUTE_TYPES,
} from '../../domain/search-attributes.js';
import { dataPaths } from '../data-folder.js';
import type { Service } from '../supervisor/service.js';
import type { StackPlan } from '../supervisor/stack-plan.js';
import { serverEnvironment } from './server-environment.js';

const NAMESPACE = 'default';
const PROBE_TIMEOUT_MS = 2000;

const DYNAMIC_CONFIG = [
  // The default delays each workflow task by 45 ms on SQLite.
  'history.transferProcessorMaxPollRPS=2000',
  'matching.useNewMatcher=true',
  'matching.enableFairness=true',
  // Priority and fairness apply per partition; with one, they apply to the whole queue.
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
  // A run can be deleted after the queues have stored their progress: by default, every 30 s.
  'history.transferProcessorUpdateAckInterval="5s"',
  'history.visibilityProcessorUpdateAckInterval="5s"',
  // The HTTP API has no credentials and accepts requests of web pages: no host name is allowed.
  'frontend.httpAllowedHosts=["vidette.invalid"]',
];
/** A transaction takes one fsync instead of four, and no file is created and deleted for it. */
const SQLITE = ['journal_mode=wal', 'synchronous=full'];
/** Temporal looks up `version-info.temporal.io` unless this variable is set. */
const NO_VERSION_CHECK = { TEMPORAL_VERSION_CHECK_DISABLED: 'true' };

/** Temporal's development server on a SQLite file, with its Web UI. */
export function temporalServer(plan: StackPlan, config: readonly string[]): Service {
  const { temporal: port, temporalUi, temporalUiBackend } = plan.ports;
  const address = `127.0.0.1:${port}`;
  return {
    name: 'temporal',
    title: 'Temporal',
    command: plan.tools.temporal,
    args: [
      ...startArgs(`${dataPaths(plan.dataDir).temporal}/temporal.db`, port, temporalUiBackend),
      ...dynamicConfig(config),
    ],
    env: serverEnvironment(plan, NO_VERSION_CHECK),
    address,
    ui: `http://127.0.0.1:${temporalUi}`,
    readyTimeoutMs: 120_000,
    graceMs: 10_000,
    probe: () => hasNamespace(address),
  };
}

// Temporal chooses free ports for its HTTP API, metrics and internal services.
function startArgs(database: string, port: number, uiPort: number): readonly string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port)],
    ...['--ui-port', String(uiPort), '--db-filename', database, '--log-level', 'warn'],
    ...SQLITE.flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ...dynamicConfig(DYNAMIC_CONFIG),
    ...ALL_SEARCH_ATTRIBUTES.flatMap(({ name, type }) => [
      '--search-attribute',
      `${name}=${SEARCH_ATTRIBUTE_TYPES[type]}`,
    ]),
  ];
}

function dynamicConfig(values: readonly string[]): readonly string[] {
  return values.flatMap((value) => ['--dynamic-config-value', value]);
}

/**
 * Whether the namespace is ready. The options of the server register search attributes only when it
 * creates the namespace; those that later versions added are registered by `init` and the workers.
 */
async function hasNamespace(address: string): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: PROBE_TIMEOUT_MS });
  try {
    const { customAttributes } = await connection.withDeadline(Date.now() + PROBE_TIMEOUT_MS, () =>
      connection.operatorService.listSearchAttributes({ namespace: NAMESPACE }),
    );
    return SEARCH_ATTRIBUTES.eventId.name in (customAttributes ?? {});
  } finally {
    await connection.close();
  }
}

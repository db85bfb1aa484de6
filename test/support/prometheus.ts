import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import getPort from 'get-port';
import { parse, stringify } from 'yaml';
import { readConfig } from '../../config/index.js';
import { messageOf } from '../../domain/errors.js';
import { projectFile } from '../../platform/package-root.js';
import { findTool } from '../../stack/tools/find-tool.js';
import { fromPackageManager } from '../../stack/tools/package-manager.js';
import { fromPath } from '../../stack/tools/sources.js';
import { createToolContext } from '../../stack/tools/tool-context.js';

const CHECK = { args: ['--version'], expects: /prometheus, version/ };
const CONFIG = projectFile('deploy/monitoring/prometheus.yml');
/** Interval of scrapes, in seconds; that of the rules as well. */
const SCRAPE_S = 2;
const READY_MS = 30_000;

/** Executables of Prometheus. */
export interface PrometheusTools {
  readonly prometheus: string;
  readonly promtool: string;
}

/** Finds Prometheus on PATH, or installs it if `VIDETTE_ALLOW_INSTALL` is set; undefined without it. */
export async function findPrometheus(): Promise<PrometheusTools | undefined> {
  const context = createToolContext({ config: readConfig(), onStep: console.log });
  const installed = fromPath('prometheus', context.config.tools.searchPath, CHECK);
  const tool = {
    name: 'prometheus',
    lookups: [installed],
    installs: [fromPackageManager('prometheus', context, installed)],
    manualSteps: 'install Prometheus so that prometheus and promtool are on PATH.',
  };
  try {
    const { path } = await findTool(tool, context);
    return { prometheus: path, promtool: join(dirname(path), 'promtool') };
  } catch (error) {
    console.warn(`LEFT OUT: the tests on Prometheus. ${messageOf(error)}`);
    return undefined;
  }
}

/** Series of an instant query: its labels and its value. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A running Prometheus with the configuration and the rules of the project. */
export interface Prometheus {
  query(expression: string): Promise<readonly Sample[]>;
  /** Requests a path below `/api/v1` and returns `data` of the response. */
  get(path: string): Promise<unknown>;
  stop(): Promise<void>;
}

interface ScrapeConfig {
  readonly global: object;
  readonly scrape_configs: readonly { readonly job_name: string }[];
}

/**
 * Starts Prometheus on loopback with `deploy/monitoring/prometheus.yml`, other targets and shorter
 * intervals.
 * @param targets by the name of their job, `host:port` each.
 */
export async function startPrometheus(
  { prometheus }: PrometheusTools,
  targets: Readonly<Record<string, readonly string[]>>,
): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'vidette-prometheus-'));
  const address = `127.0.0.1:${await getPort({ host: '127.0.0.1' })}`;
  const config = join(folder, 'prometheus.yml');
  await writeFile(config, stringify(withTargets(await readScrapeConfig(), targets)));
  const server = execa(
    prometheus,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      '--log.level=warn',
    ],
    { cwd: folder, stdin: 'ignore', stdout: 'ignore', stderr: 'pipe', reject: false },
  );
  const get = async (path: string) => {
    const response = await fetch(`http://${address}/api/v1/${path}`);
    const body = (await response.json()) as { readonly data?: unknown; readonly error?: string };
    if (!response.ok) throw new Error(`${path}: ${body.error}`);
    return body.data;
  };
  const stop = async () => {
    server.kill('SIGTERM');
    await server;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await untilReady(`http://${address}/-/ready`, server);
  } catch (error) {
    await stop();
    throw error;
  }
  return { get, stop, query: (expression) => readSamples(get, expression) };
}

async function readScrapeConfig(): Promise<ScrapeConfig> {
  return parse(await readFile(CONFIG, 'utf8')) as ScrapeConfig;
}

function withTargets(config: ScrapeConfig, targets: Readonly<Record<string, readonly string[]>>) {
  const interval = `${SCRAPE_S}s`;
  return {
    ...config,
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    rule_files: [join(dirname(CONFIG), 'rules/*.yml')],
    scrape_configs: config.scrape_configs.map((scraped) => ({
      ...scraped,
      static_configs: [{ targets: targets[scraped.job_name] ?? [] }],
    })),
  };
}

async function untilReady(url: string, server: PromiseLike<unknown>): Promise<void> {
  let hasEnded = false;
  void server.then(() => (hasEnded = true));
  for (const end = Date.now() + READY_MS; Date.now() < end && !hasEnded;) {
    if ((await fetch(url).catch(() => undefined))?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Prometheus does not reply at ${url}`);
}

interface Vector {
  readonly result: readonly {
    readonly metric: Readonly<Record<string, string>>;
    readonly value: readonly [time: number, value: string];
  }[];
}

async function readSamples(get: Prometheus['get'], expression: string): Promise<Sample[]> {
  const { result } = (await get(`query?query=${encodeURIComponent(expression)}`)) as Vector;
  return result.map(({ metric, value: [, text] }) => ({ metric, value: Number(text) }));
}

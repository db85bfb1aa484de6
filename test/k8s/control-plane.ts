import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa, type ResultPromise } from 'execa';
import getPort from 'get-port';
import { type Kubectl, createKubectl } from './kubectl.js';
import { findProgram, type ProgramName } from './programs.js';

/** etcd and the API server of Kubernetes, on loopback. */
export interface ControlPlane {
  readonly kubectl: Kubectl;
  /** Folder of the files of its processes, which is deleted with it. */
  readonly folder: string;
  /** File of the settings of clients. */
  readonly kubeconfig: string;
  /** Process ids of all processes. */
  readonly pids: readonly number[];
  /** Starts another process, which ends with the others; its log is NAME.log in the folder. */
  start(name: ProgramName, args: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

const [START_MS, POLL_MS, STOP_MS] = [120_000, 200, 10_000];
export const LOOPBACK = '127.0.0.1';

/**
 * Starts etcd and an API server with Pod Security and RBAC, in a folder and on ports of their own.
 * @param options More arguments of the API server.
 */
export async function startControlPlane(options: readonly string[] = []): Promise<ControlPlane> {
  const folder = await mkdtemp(join(tmpdir(), 'vidette-k8s-'));
  const children: ResultPromise[] = [];
  const start = async (name: ProgramName, args: readonly string[]) => {
    const log = { file: join(folder, `${name}.log`) };
    const io = { stdin: 'ignore', stdout: log, stderr: log, reject: false } as const;
    children.push(execa(await findProgram(name), args, { ...io, cwd: folder }));
  };
  const close = async () => {
    for (const child of children.toReversed()) await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const [port, token] = [await getPort(), randomBytes(16).toString('hex')];
    await startServers(start, { folder, port, token, options });
    const kubeconfig = await writeKubeconfig(folder, port, token);
    const kubectl = createKubectl(await findProgram('kubectl'), kubeconfig);
    await waitUntilReady(kubectl, join(folder, 'kube-apiserver.log'));
    return {
      ...{ kubectl, folder, kubeconfig, start, close },
      get pids() {
        return children.flatMap(({ pid }) => pid ?? []);
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Settings {
  readonly folder: string;
  readonly port: number;
  readonly token: string;
  readonly options: readonly string[];
}

async function startServers(
  start: ControlPlane['start'],
  { folder, port, token, options }: Settings,
): Promise<void> {
  const [client, peer] = [await getPort(), await getPort()].map(
    (each) => `http://${LOOPBACK}:${each}`,
  );
  await start('etcd', [
    ...['--data-dir', join(folder, 'etcd'), '--unsafe-no-fsync'],
    ...['--listen-client-urls', client!, '--advertise-client-urls', client!],
    ...['--listen-peer-urls', peer!, '--initial-advertise-peer-urls', peer!],
    ...['--initial-cluster', `default=${peer!}`],
  ]);
  const tokens = join(folder, 'tokens.csv');
  await writeFile(tokens, `${token},admin,admin,system:masters\n`);
  const key = accountKeyOf(folder);
  await writeAccountKey(key);
  await start('kube-apiserver', [
    ...['--etcd-servers', client!, '--secure-port', String(port)],
    ...['--bind-address', LOOPBACK, '--advertise-address', LOOPBACK],
    ...['--cert-dir', folder, '--token-auth-file', tokens, '--authorization-mode', 'RBAC'],
    ...['--service-account-key-file', key, '--service-account-signing-key-file', key],
    ...['--service-account-issuer', `https://${LOOPBACK}:${port}`],
    ...['--service-cluster-ip-range', '10.96.0.0/16', ...options],
  ]);
}

/** File of the key that signs the tokens of service accounts. */
export const accountKeyOf = (folder: string) => join(folder, 'account.key');

async function writeAccountKey(path: string): Promise<void> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await writeFile(path, privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
}

/** Writes the settings of clients; the API server is its own authority. */
async function writeKubeconfig(folder: string, port: number, token: string): Promise<string> {
  const path = join(folder, 'kubeconfig');
  const cluster = {
    server: `https://${LOOPBACK}:${port}`,
    'certificate-authority': join(folder, 'apiserver.crt'),
  };
  const config = {
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'test' },
    clusters: [{ name: 'test', cluster }],
    users: [{ name: 'test', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  };
  await writeFile(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}

async function waitUntilReady(kubectl: Kubectl, log: string): Promise<void> {
  const deadline = performance.now() + START_MS;
  while (performance.now() < deadline) {
    const { exitCode } = await kubectl.try(['get', '--raw', '/readyz']);
    if (exitCode === 0) return;
    await sleep(POLL_MS);
  }
  const lines = (await readFile(log, 'utf8')).trim().split('\n').slice(-10).join('\n');
  throw new Error(`The API server was not ready within ${START_MS} ms:\n${lines}`);
}

async function end(child: ResultPromise): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await child.catch(() => undefined);
  clearTimeout(timer);
}

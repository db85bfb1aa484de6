import { join } from 'node:path';
import getPort from 'get-port';
import { projectFile } from '../../../platform/package-root.js';
import { accountKeyOf, type ControlPlane, LOOPBACK, startControlPlane } from '../control-plane.js';
import { installMetricsApi } from './metrics-api.js';
import { findModule } from '../programs.js';

/** Files of kwok: stages of nodes and pods, and their metrics. */
const KWOK_FILES = [
  ...['stage/node/fast/node-initialize', 'stage/node/chaos/node-not-ready'],
  'stage/node/heartbeat-with-lease/node-heartbeat-with-lease',
  ...['stage/pod/fast/pod-ready', 'stage/pod/fast/pod-complete'],
  ...['metrics/resource/metrics-resource', 'metrics/usage/usage-from-annotation'],
];
/** Time that a pod stays on a node that is not ready; the default of Kubernetes is 300. */
const TOLERATED_SECONDS = 3;

/**
 * Starts a cluster on loopback whose nodes and pods exist in its API only: controllers, a scheduler,
 * metrics-server, and kwok, which reports pods as ready once they have a node. A namespace may have
 * nodes of its own, by an annotation.
 */
export async function startCluster(): Promise<ControlPlane> {
  const plane = await startControlPlane([
    ...['--enable-admission-plugins', 'PodNodeSelector'],
    `--default-not-ready-toleration-seconds=${TOLERATED_SECONDS}`,
    // The etcd of Debian is too old for watches that begin with a list; kwok would try them for minutes.
    '--feature-gates=WatchList=false',
  ]);
  try {
    await startControllers(plane);
    await startNodes(plane);
    return plane;
  } catch (error) {
    await plane.close();
    throw error;
  }
}

async function startControllers(plane: ControlPlane): Promise<void> {
  const { folder, kubeconfig } = plane;
  const shared = ['--kubeconfig', kubeconfig, '--leader-elect=false', '--secure-port=0'];
  await plane.start('kube-scheduler', shared);
  await plane.start('kube-controller-manager', [
    ...[...shared, '--service-account-private-key-file', accountKeyOf(folder)],
    ...['--horizontal-pod-autoscaler-sync-period=2s', '--node-eviction-rate=10'],
    '--horizontal-pod-autoscaler-initial-readiness-delay=0s',
    '--horizontal-pod-autoscaler-cpu-initialization-period=0s',
  ]);
}

async function startNodes(plane: ControlPlane): Promise<void> {
  const { folder, kubeconfig, kubectl } = plane;
  const [nodePort, metricsPort] = [await getPort(), await getPort()];
  const files = join(await findModule('kwok'), 'kustomize');
  const configs = [
    ...KWOK_FILES.map((name) => join(files, `${name}.yaml`)),
    projectFile('test/k8s/cluster/stages/pod-end.yaml'),
  ];
  const certificate = ['apiserver.crt', 'apiserver.key'].map((name) => join(folder, name));
  await plane.start('kwok', [
    ...['--kubeconfig', kubeconfig, '--manage-all-nodes', '--node-lease-duration-seconds=40'],
    ...['--node-ip', LOOPBACK, '--node-port', String(nodePort)],
    ...['--server-address', `${LOOPBACK}:${nodePort}`],
    ...['--tls-cert-file', certificate[0]!, '--tls-private-key-file', certificate[1]!],
    ...configs.flatMap((file) => ['--config', file]),
  ]);
  await plane.start('metrics-server', [
    ...['kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig'].map(
      (name) => `--${name}=${kubeconfig}`,
    ),
    ...['--authentication-tolerate-lookup-failure', '--metric-resolution=10s'],
    '--kubelet-request-timeout=5s',
    ...['--bind-address', LOOPBACK, '--secure-port', String(metricsPort)],
    ...['--cert-dir', join(folder, 'metrics-server')],
    ...['--kubelet-insecure-tls', '--kubelet-use-node-status-port'],
    '--kubelet-preferred-address-types=InternalIP',
  ]);
  await installMetricsApi(kubectl, metricsPort);
}

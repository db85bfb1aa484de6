import type { Kubectl } from '../kubectl.js';
import type { Manifest } from '../manifests.js';

const GROUP = 'metrics.k8s.io';

/** Makes the API server ask the metrics-server at a port of loopback for the CPU of pods. */
export async function installMetricsApi(kubectl: Kubectl, port: number): Promise<void> {
  const { exitCode, stderr } = await kubectl.apply(manifestsOf(port));
  if (exitCode !== 0) throw new Error(`The API of metrics was not installed:\n${stderr}`);
}

function manifestsOf(port: number): Manifest[] {
  const service = { name: 'metrics-server', namespace: 'kube-system' };
  const name = 'read-metrics';
  const rbac = 'rbac.authorization.k8s.io';
  return [
    {
      ...{ apiVersion: 'v1', kind: 'Service', metadata: service },
      spec: { type: 'ExternalName', externalName: 'localhost' },
    },
    {
      ...{ apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService' },
      metadata: { name: `v1beta1.${GROUP}` },
      spec: {
        ...{ group: GROUP, version: 'v1beta1', service: { ...service, port } },
        ...{ groupPriorityMinimum: 100, versionPriority: 100, insecureSkipTLSVerify: true },
      },
    },
    // The API server has no client certificate here, so that it asks without a name.
    {
      ...{ apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name } },
      rules: [
        { apiGroups: [GROUP], resources: ['pods', 'nodes'], verbs: ['get', 'list'] },
        { nonResourceURLs: [`/apis/${GROUP}/*`], verbs: ['get'] },
      ],
    },
    {
      ...{ apiVersion: `${rbac}/v1`, kind: 'ClusterRoleBinding', metadata: { name } },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name },
      subjects: [{ apiGroup: rbac, kind: 'User', name: 'system:anonymous' }],
    },
  ];
}

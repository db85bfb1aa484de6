import type { Manifest } from '../manifests.js';

/** Label of the nodes of one namespace. */
const OWNER = 'vidette.test/namespace';
const CPU_NODES = 3;
/** Room of a node: three of them have room for ten pods of the API, of images and of detection. */
const CAPACITY = { cpu: '16', memory: '64Gi', 'ephemeral-storage': '200Gi', pods: '110' };

/** Annotation of a namespace, by which its pods run on its nodes only. */
export const ownNodes = (namespace: string) => ({
  'scheduler.alpha.kubernetes.io/node-selector': `${OWNER}=${namespace}`,
});

/** Names of the nodes of a namespace. */
export interface NodeNames {
  readonly cpu: readonly string[];
  readonly gpu: readonly string[];
}

export function nodeNamesOf(namespace: string, gpuNodes: number): NodeNames {
  const name = (kind: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${namespace}-${kind}-${index + 1}`);
  return { cpu: name('cpu', CPU_NODES), gpu: name('gpu', gpuNodes) };
}

/** Nodes for one namespace; those with a GPU have one, and the taint that keeps other pods off them. */
export function makeNodes(namespace: string, { cpu, gpu }: NodeNames): Manifest[] {
  return [
    ...cpu.map((name) => makeNode(name, namespace, {}, [])),
    ...gpu.map((name) =>
      makeNode(name, namespace, { 'nvidia.com/gpu': '1' }, [
        { key: 'nvidia.com/gpu', value: 'true', effect: 'NoSchedule' },
      ]),
    ),
  ];
}

function makeNode(name: string, owner: string, devices: object, taints: object[]): Manifest {
  const capacity = { ...CAPACITY, ...devices };
  return {
    ...{ apiVersion: 'v1', kind: 'Node' },
    metadata: {
      name,
      labels: { 'kubernetes.io/hostname': name, [OWNER]: owner },
      annotations: {
        'metrics.k8s.io/resource-metrics-path': `/metrics/nodes/${name}/metrics/resource`,
      },
    },
    spec: { taints },
    status: { capacity, allocatable: capacity },
  };
}

/** Volumes for the claims of the stream worker and of models; there is no storage class. */
export const makeVolumes = (namespace: string): Manifest[] => [
  makeVolume(`${namespace}-scratch`, '20Gi', 'ReadWriteOnce'),
  makeVolume(`${namespace}-models`, '2Gi', 'ReadOnlyMany'),
];

function makeVolume(name: string, storage: string, mode: string): Manifest {
  return {
    ...{ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name } },
    spec: { capacity: { storage }, accessModes: [mode], hostPath: { path: `/volumes/${name}` } },
  };
}

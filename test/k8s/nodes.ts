import type { Manifest } from './manifests.js';

/** A node that kwok runs; a taint keeps pods that need no GPU off a node with GPUs. */
export function makeNode(name: string, gpus = 0): Manifest {
  const capacity = {
    ...{ cpu: '64', memory: '256Gi', 'ephemeral-storage': '1000Gi', pods: '110' },
    ...(gpus > 0 && { 'nvidia.com/gpu': String(gpus) }),
  };
  const taints = gpus > 0 ? [{ key: 'nvidia.com/gpu', value: 'true', effect: 'NoSchedule' }] : [];
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { 'kubernetes.io/hostname': name },
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
    },
    spec: { taints },
    status: { allocatable: capacity, capacity },
  };
}

/** A volume for a claim without a storage class. */
export function makeVolume(name: string): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: { storage: '20Gi' },
      accessModes: ['ReadWriteOnce'],
      hostPath: { path: `/volumes/${name}` },
    },
  };
}

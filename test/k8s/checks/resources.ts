import type { Manifest } from '../manifests.js';
import { bytesOf, type Workload, workloadsOf } from '../workloads.js';

const STORAGE = 'ephemeral-storage';
const MIB = 2 ** 20;

/**
 * Finds pods that the node would end: with temporary files above their limit of storage, or with lanes
 * and a heap above their limit of memory. Workers of videos limit their own files by
 * VIDETTE_SCRATCH_LIMIT_GB and VIDETTE_SOURCE_CACHE_GB.
 */
export function checkResources(manifests: readonly Manifest[]): string[] {
  return workloadsOf(manifests).flatMap((workload) => [
    ...checkLimits(workload),
    ...checkStorage(workload),
    ...checkMemory(workload),
  ]);
}

function checkLimits({ title, container: { resources } }: Workload): string[] {
  const { requests, limits } = resources;
  const missing = ['cpu', 'memory', STORAGE].filter((name) => !requests[name] || !limits[name]);
  return missing.map((name) => `${title} has no request or no limit of ${name}`);
}

function checkStorage({ title, pod, container: { resources } }: Workload): string[] {
  const onDisk = pod.spec.volumes.filter(
    ({ emptyDir }) => emptyDir && emptyDir.medium !== 'Memory',
  );
  const unlimited = onDisk.filter(({ emptyDir }) => emptyDir?.sizeLimit === undefined);
  const bytes = onDisk.map(({ emptyDir }) => bytesOf(emptyDir?.sizeLimit ?? '0'));
  const total = bytes.reduce((sum, each) => sum + each, 0);
  const limit = bytesOf(resources.limits[STORAGE] ?? '0');
  return [
    ...unlimited.map(({ name }) => `${title}: the volume ${name} has no sizeLimit`),
    ...(total > limit
      ? [`${title}: its volumes may have ${total} bytes, its limit is ${limit}`]
      : []),
  ];
}

function checkMemory({ title, pod, container }: Workload): string[] {
  const valueOf = (name: string) => container.env.findLast((each) => each.name === name)?.value;
  const lanes =
    Number(valueOf('VIDETTE_LANES') ?? 0) * Number(valueOf('VIDETTE_LANE_MEMORY_MB') ?? 0);
  const [, heap = '0'] = /--max-old-space-size=(\d+)/.exec(container.args.join(' ')) ?? [];
  const shared = pod.spec.volumes
    .filter(({ emptyDir }) => emptyDir?.medium === 'Memory')
    .map(({ emptyDir }) => bytesOf(emptyDir?.sizeLimit ?? '0'));
  const total = shared.reduce((sum, each) => sum + each, (lanes + Number(heap)) * MIB);
  const limit = bytesOf(container.resources.limits['memory'] ?? '0');
  if (total <= limit) return [];
  return [`${title}: lanes, heap and shared memory may take ${total} bytes, its limit is ${limit}`];
}

import { SHUTDOWN_FORCE_MS, SHUTDOWN_GRACE_MS } from '../../../workers/run-worker.js';
import type { Manifest } from '../manifests.js';
import { workloadsOf } from '../workloads.js';

/** Longest time that a worker takes to stop, in seconds; the API takes less. */
const STOP_SECONDS = (SHUTDOWN_GRACE_MS + SHUTDOWN_FORCE_MS) / 1000;

/** Finds pods that the node would kill before their process has stopped. */
export function checkTermination(manifests: readonly Manifest[]): string[] {
  return workloadsOf(manifests).flatMap(({ title, pod, container }) => {
    const needed = (container.lifecycle?.preStop.sleep.seconds ?? 0) + STOP_SECONDS;
    const { terminationGracePeriodSeconds: seconds } = pod.spec;
    if (seconds >= needed) return [];
    return [`${title} is killed after ${seconds} s, and may need ${needed} s to stop`];
  });
}

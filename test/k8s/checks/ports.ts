import { z } from 'zod';
import { type Manifest, titleOf } from '../manifests.js';
import { type Workload, workloadsOf } from '../workloads.js';
import { selects } from './selects.js';

const PROBES = ['startupProbe', 'livenessProbe', 'readinessProbe'] as const;
const port = z.union([z.string(), z.number()]);

const serviceSchema = z.looseObject({
  spec: z.looseObject({
    selector: z.record(z.string(), z.string()),
    ports: z.array(z.looseObject({ port, targetPort: port.optional() })),
  }),
});
const podMonitorSchema = z.looseObject({
  spec: z.looseObject({ podMetricsEndpoints: z.array(z.looseObject({ port: z.string() })) }),
});

/** Finds ports of probes, Services and monitors that no container has. */
export function checkPorts(manifests: readonly Manifest[]): string[] {
  const workloads = workloadsOf(manifests);
  return [
    ...workloads.flatMap(checkProbes),
    ...manifests
      .filter(({ kind }) => kind === 'Service')
      .flatMap((each) => checkService(each, workloads)),
    ...manifests
      .filter(({ kind }) => kind === 'PodMonitor')
      .flatMap((each) => checkMonitor(each, workloads)),
  ];
}

function checkProbes({ title, container }: Workload): string[] {
  return PROBES.flatMap((name) => {
    const probe = container[name];
    if (!probe || hasPort(container, probe.httpGet.port)) return [];
    return [`${title}: ${name} names the port ${probe.httpGet.port}, which no container has`];
  });
}

function checkService(service: Manifest, workloads: readonly Workload[]): string[] {
  const { selector, ports } = serviceSchema.parse(service).spec;
  const selected = workloads.filter(({ pod }) =>
    selects({ matchLabels: selector }, pod.metadata.labels),
  );
  return ports.flatMap(({ port, targetPort = port }) =>
    selected.every(({ container }) => hasPort(container, targetPort))
      ? []
      : [`${titleOf(service)}: no container has its port ${targetPort}`],
  );
}

function checkMonitor(monitor: Manifest, workloads: readonly Workload[]): string[] {
  const { selector } = z
    .looseObject({ spec: z.looseObject({ selector: z.looseObject({}) }) })
    .parse(monitor).spec;
  const selected = workloads.filter(({ pod }) => selects(selector, pod.metadata.labels));
  return podMonitorSchema
    .parse(monitor)
    .spec.podMetricsEndpoints.flatMap(({ port }) =>
      selected.every(({ container }) => hasPort(container, port))
        ? []
        : [`${titleOf(monitor)}: no container has its port ${port}`],
    );
}

const hasPort = ({ ports }: Workload['container'], port: string | number) =>
  ports.some(({ name, containerPort }) => name === port || containerPort === port);

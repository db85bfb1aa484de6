import { z } from 'zod';
import { type Manifest } from '../manifests.js';
import { type Workload, workloadsOf } from '../workloads.js';
import { selects } from './selects.js';
import { readVariables } from './variables.js';

/** Variables with the addresses of servers. */
const ADDRESSES = [
  ...['TEMPORAL_ADDRESS', 'MINIO_ENDPOINT', 'MONGO_URI', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
];
const NAMESPACE_LABEL = 'kubernetes.io/metadata.name';
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

const policySchema = z.looseObject({
  spec: z.looseObject({
    podSelector: z.looseObject({}),
    egress: z
      .array(
        z.looseObject({
          to: z
            .array(z.looseObject({ namespaceSelector: z.looseObject({}).optional() }))
            .optional(),
          ports: z
            .array(z.looseObject({ port: z.number(), protocol: z.string().optional() }))
            .optional(),
        }),
      )
      .default([]),
  }),
});

interface Server {
  readonly variable: string;
  /** Namespace of a Service, by the second label of its name; undefined for another host. */
  readonly namespace: string | undefined;
  readonly port: number;
}

/** Finds servers that the network policies keep pods from, of those whose addresses the pods have. */
export function checkEgress(manifests: readonly Manifest[]): string[] {
  const policies = manifests
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .map((each) => policySchema.parse(each).spec);
  return workloadsOf(manifests).flatMap((workload) => {
    const rules = policies
      .filter(({ podSelector }) => selects(podSelector, workload.pod.metadata.labels))
      .flatMap(({ egress }) => egress);
    return serversOf(workload, manifests)
      .filter((server) => !rules.some((rule) => permits(rule, server)))
      .map(
        ({ variable, port }) =>
          `${workload.title}: no network policy permits the port ${port} of ${variable}`,
      );
  });
}

type Rule = z.infer<typeof policySchema>['spec']['egress'][number];

function permits({ to, ports }: Rule, { namespace, port }: Server): boolean {
  const hasPort = !ports || ports.some((each) => each.port === port && each.protocol !== 'UDP');
  const labels: Record<string, string> =
    namespace === undefined ? {} : { [NAMESPACE_LABEL]: namespace };
  const hasPeer =
    !to || to.some(({ namespaceSelector: peer }) => peer !== undefined && selects(peer, labels));
  return hasPort && hasPeer;
}

function serversOf({ container }: Workload, manifests: readonly Manifest[]): Server[] {
  const { variables } = readVariables(container, manifests);
  return ADDRESSES.flatMap((variable) => {
    const value = variables.findLast(({ name }) => name === variable)?.value;
    if (!value) return [];
    const url = new URL(value.includes('://') ? value : `tcp://${value}`);
    const [, namespace] = url.hostname.split('.');
    return [{ variable, namespace, port: Number(url.port) || DEFAULT_PORTS[url.protocol] || 0 }];
  });
}

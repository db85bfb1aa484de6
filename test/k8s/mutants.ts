import { findManifest, type Manifest } from './manifests.js';
import { type Path, setAt } from './set-at.js';
import { podOf } from './workloads.js';

/** A broken version of one of the manifests. */
export interface Mutant {
  readonly title: string;
  /** Who must refuse it: the API server, or the checks in checks/, for what the server accepts. */
  readonly refusedBy: 'API server' | 'own check';
  /** Pattern that the message must match. */
  readonly expects: RegExp;
  readonly kind: string;
  readonly name: string;
  /** The workload becomes a pod: Pod Security only warns of workloads. */
  readonly asPod?: true;
  readonly path: Path;
  /** Default: the value is removed. */
  readonly value?: unknown;
}

const CONTAINER = ['spec', 'template', 'spec', 'containers', 0] as const;
const POD = ['spec', 'containers', 0] as const;
const SMALL = { cpu: '2', memory: '4Gi', 'ephemeral-storage': '1Gi' };
const api = { kind: 'Deployment', name: 'api' } as const;
const settings = { kind: 'ConfigMap', name: 'vidette' } as const;
const byServer = { refusedBy: 'API server' } as const;
const byCheck = { refusedBy: 'own check' } as const;

export const MUTANTS: readonly Mutant[] = [
  {
    ...{ title: 'typo in a field', ...byServer, expects: /unknown field|field not declared/ },
    ...{ ...api, path: [...CONTAINER, 'imagePullPolcy'], value: 'Always' },
  },
  {
    ...{ title: 'unit "4Gb"', ...byServer, expects: /quantities must match/ },
    ...{ ...api, path: [...CONTAINER, 'resources', 'limits', 'memory'], value: '4Gb' },
  },
  {
    ...{ title: 'HPA with a minimum above its maximum', ...byServer },
    expects: /maxReplicas.*must be greater than or equal to `?minReplicas/,
    ...{ kind: 'HorizontalPodAutoscaler', name: 'api', path: ['spec', 'minReplicas'], value: 20 },
  },
  {
    ...{ title: 'PDB with a minimum and a maximum', ...byServer },
    expects: /minAvailable and maxUnavailable cannot be both set/,
    ...{ kind: 'PodDisruptionBudget', name: 'api', path: ['spec', 'minAvailable'], value: 1 },
  },
  {
    ...{ title: 'selector that differs from the labels', ...byServer },
    expects: /`?selector`? does not match template `?labels/,
    ...api,
    path: ['spec', 'selector', 'matchLabels', 'app.kubernetes.io/component'],
    value: 'other',
  },
  {
    ...{ title: 'mount without a volume', ...byServer, expects: /volumeMounts.*Not found/ },
    ...{ ...api, path: [...CONTAINER, 'volumeMounts', 0, 'name'], value: 'other' },
  },
  {
    ...{ title: 'port 70000', ...byServer, expects: /must be between 1 and 65535/ },
    ...{ ...api, path: [...CONTAINER, 'ports', 0, 'containerPort'], value: 70_000 },
  },
  {
    ...{ title: 'type of a field of a ScaledObject', ...byServer, expects: /maxReplicaCount/ },
    ...{ kind: 'ScaledObject', name: 'detect-worker', path: ['spec', 'maxReplicaCount'] },
    value: 'ten',
  },
  {
    ...{ title: 'pod that keeps capabilities', ...byServer, expects: /violates PodSecurity/ },
    ...{ ...api, asPod: true, path: [...POD, 'securityContext', 'capabilities'] },
  },
  {
    ...{ title: 'pod without seccomp', ...byServer, expects: /violates PodSecurity/ },
    ...{ ...api, asPod: true, path: ['spec', 'securityContext', 'seccompProfile'] },
  },
  {
    ...{ title: 'pod with a folder of its node', ...byServer, expects: /violates PodSecurity/ },
    ...{ ...api, asPod: true, path: ['spec', 'volumes', 0] },
    value: { name: 'tmp', hostPath: { path: '/tmp' } },
  },
  {
    ...{ title: 'probe of a port that does not exist', ...byCheck },
    expects: /readinessProbe names the port health/,
    ...{ ...api, path: [...CONTAINER, 'readinessProbe', 'httpGet', 'port'], value: 'health' },
  },
  {
    ...{ title: 'misspelt setting of a trigger of KEDA', ...byCheck },
    expects: /trigger temporal has no setting targetQueueLength/,
    ...{ kind: 'ScaledObject', name: 'detect-worker' },
    path: ['spec', 'triggers', 0, 'metadata', 'targetQueueLength'],
    value: '4',
  },
  {
    ...{ title: 'broken PromQL in a PrometheusRule', ...byCheck, expects: /parse error/ },
    ...{ kind: 'PrometheusRule', name: 'vidette', path: ['spec', 'groups', 0, 'rules', 0, 'expr'] },
    value: 'sum(vidette_queue_backlog',
  },
  {
    ...{ title: 'broken PromQL in a trigger of KEDA', ...byCheck, expects: /parse error/ },
    ...{ kind: 'ScaledObject', name: 'detect-worker' },
    path: ['spec', 'triggers', 1, 'metadata', 'query'],
    value: 'sum(temporal_worker_task_slots_used',
  },
  {
    ...{ title: 'variable that Vidette does not read', ...byCheck, expects: /VIDETTE_LANE_COUNT/ },
    ...{ ...api, path: [...CONTAINER, 'env', 0, 'name'], value: 'VIDETTE_LANE_COUNT' },
  },
  {
    ...{ title: 'value that Vidette rejects', ...byCheck, expects: /VIDETTE_DEVICE/ },
    ...{ kind: 'Deployment', name: 'detect-worker' },
    path: [...CONTAINER, 'env', 0],
    value: { name: 'VIDETTE_DEVICE', value: 'tpu' },
  },
  {
    ...{ title: 'images without a folder of models', ...byCheck, expects: /VIDETTE_MODELS_DIR/ },
    ...{ kind: 'Deployment', name: 'images', path: [...CONTAINER, 'env'], value: [] },
  },
  {
    ...{ title: 'program that does not exist', ...byCheck, expects: /dist\/api\/serve\.js/ },
    ...{ ...api, path: [...CONTAINER, 'args'], value: ['node', 'dist/api/serve.js'] },
  },
  {
    ...{ title: 'password outside of a Secret', ...byCheck, expects: /MONGO_URI outside/ },
    ...{ ...api, path: [...CONTAINER, 'env', 0] },
    value: { name: 'MONGO_URI', value: 'mongodb://vidette:password@mongodb/' },
  },
  {
    ...{ title: 'reference to settings that do not exist', ...byCheck, expects: /ConfigMap other/ },
    ...{ ...api, path: [...CONTAINER, 'envFrom', 0, 'configMapRef', 'name'], value: 'other' },
  },
  {
    ...{ title: 'receiver of traces without a scheme', ...byCheck, ...settings },
    expects: /OTEL_EXPORTER_OTLP_ENDPOINT/,
    ...{ path: ['data', 'OTEL_EXPORTER_OTLP_ENDPOINT'], value: 'otel-collector.tracing:4318' },
  },
  {
    ...{ title: 'headers of traces outside of a Secret', ...byCheck, ...settings },
    expects: /OTEL_EXPORTER_OTLP_HEADERS outside/,
    ...{ path: ['data', 'OTEL_EXPORTER_OTLP_HEADERS'], value: 'authorization=Bearer%20a' },
  },
  {
    ...{ title: 'policy for another port of traces', ...byCheck },
    expects: /no network policy permits the port 4318 of OTEL_EXPORTER_OTLP_ENDPOINT/,
    ...{ kind: 'NetworkPolicy', name: 'send-traces' },
    ...{ path: ['spec', 'egress', 0, 'ports', 0, 'port'], value: 4317 },
  },
  {
    ...{ title: 'policy for another namespace of traces', ...byCheck },
    expects: /no network policy permits the port 4318 of OTEL_EXPORTER_OTLP_ENDPOINT/,
    ...{ kind: 'NetworkPolicy', name: 'send-traces' },
    path: ['spec', 'egress', 0, 'to', 0, 'namespaceSelector', 'matchLabels'],
    value: { 'kubernetes.io/metadata.name': 'other' },
  },
  {
    ...{ title: 'policy for another port of Temporal', ...byCheck },
    expects: /no network policy permits the port 7233 of TEMPORAL_ADDRESS/,
    ...{ kind: 'NetworkPolicy', name: 'use-servers' },
    ...{ path: ['spec', 'egress', 0, 'ports', 0, 'port'], value: 7234 },
  },
  {
    ...{ title: 'time to stop that is too short', ...byCheck },
    expects: /Deployment api is killed after 25 s, and may need 30 s/,
    ...{ ...api, path: ['spec', 'template', 'spec', 'terminationGracePeriodSeconds'], value: 25 },
  },
  {
    ...{ title: 'PDB that selects no pods', ...byCheck, expects: /selects no pods/ },
    ...{ kind: 'PodDisruptionBudget', name: 'api' },
    path: ['spec', 'selector', 'matchLabels', 'app.kubernetes.io/component'],
    value: 'other',
  },
  {
    ...{ title: 'HPA of a Deployment that does not exist', ...byCheck, expects: /does not exist/ },
    ...{ kind: 'HorizontalPodAutoscaler', name: 'api', path: ['spec', 'scaleTargetRef', 'name'] },
    value: 'other',
  },
  {
    ...{ title: 'volumes above the limit of storage', ...byCheck, expects: /its limit is/ },
    ...{ ...api, path: [...CONTAINER, 'resources'] },
    value: { requests: SMALL, limits: SMALL },
  },
  {
    ...{ title: 'lanes above the limit of memory', ...byCheck, expects: /its limit is/ },
    ...{ kind: 'Deployment', name: 'detect-worker' },
    path: [...CONTAINER, 'env', 2, 'value'],
    value: '4096',
  },
];

/** Breaks one manifest; returns it, and all manifests with it. */
export function applyMutant(
  mutant: Mutant,
  manifests: readonly Manifest[],
): { readonly broken: Manifest; readonly all: readonly Manifest[] } {
  const whole = findManifest(manifests, mutant.kind, mutant.name);
  const broken = structuredClone(mutant.asPod ? podOf(whole) : whole);
  setAt(broken, mutant.path, mutant.value);
  return { broken, all: manifests.map((each) => (each === whole ? broken : each)) };
}

import type { Path } from '../set-at.js';
import type { CheckName } from './checks.js';
import { QUOTA } from './quota.js';
import type { ScenarioOptions } from './scenario.js';

/** A change of one manifest. */
export interface Edit {
  readonly kind: string;
  readonly path: Path;
  /** Default: the value is removed. */
  readonly value?: unknown;
}

/** A workload or nodes with an error that a check must find. */
export interface ClusterMutant extends ScenarioOptions {
  readonly title: string;
  readonly check: CheckName;
  readonly expects: RegExp;
  /** Name of the workload that is applied, with all that has its name. */
  readonly workload: string;
  readonly edits: readonly Edit[];
}

const POD = ['spec', 'template', 'spec'] as const;
const CONTAINER = [...POD, 'containers', 0] as const;
const GPU = 'nvidia.com/gpu';
const ofDeployment = (path: Path, value?: unknown): Edit => ({ kind: 'Deployment', path, value });
const available = { check: 'every workload is available' } as const;
const placed = { check: 'pods have the nodes that they need' } as const;

export const MUTANTS: readonly ClusterMutant[] = [
  {
    ...{ title: 'a pod larger than a node', ...available, workload: 'detect-worker' },
    expects: /0 of 2 pods .*Insufficient cpu/,
    edits: [ofDeployment([...CONTAINER, 'resources'], { requests: { cpu: '17' } })],
  },
  {
    ...{ title: 'nodes without a GPU', ...available, workload: 'detect-worker-gpu', gpuNodes: 0 },
    ...{ expects: /detect-worker-gpu: 0 of 1 .*Insufficient nvidia\.com\/gpu/, edits: [] },
  },
  {
    ...{ title: 'two pods for one GPU', ...available, workload: 'detect-worker-gpu' },
    expects: /detect-worker-gpu: 1 of 2 .*Insufficient nvidia\.com\/gpu/,
    edits: [ofDeployment(['spec', 'replicas'], 2)],
  },
  {
    ...{ title: 'a GPU without its toleration', ...available, workload: 'detect-worker-gpu' },
    expects: /0 of 1 (?=.*untolerated taint).* 3 Insufficient nvidia/,
    edits: [ofDeployment([...POD, 'tolerations'])],
  },
  {
    ...{ title: 'a pod without seccomp', ...available, workload: 'api' },
    expects: /Deployment api: 0 of 2 .*violates PodSecurity/,
    edits: [ofDeployment([...POD, 'securityContext', 'seccompProfile'])],
  },
  {
    ...{ title: 'a pod without a limit in a quota', ...available, workload: 'api', quota: QUOTA },
    expects: /Deployment api: 0 of 2 .*failed quota: limits: must specify limits.memory/,
    edits: [ofDeployment([...CONTAINER, 'resources', 'limits', 'memory'])],
  },
  {
    ...{ title: 'a pod above the quota', ...available, workload: 'api' },
    expects: /Deployment api: 1 of 2 .*exceeded quota: limits, requested: requests.cpu=1/,
    ...{ quota: { 'requests.cpu': '1' }, edits: [] },
  },
  {
    ...{ title: 'GPU workers that request no GPU', ...placed, workload: 'detect-worker-gpu' },
    expects: /a pod of detect-worker-gpu is on .*-cpu-/,
    edits: [
      ofDeployment([...CONTAINER, 'resources', 'limits', GPU]),
      ofDeployment(['spec', 'replicas'], 3),
    ],
  },
  {
    ...{ title: 'pods of the API on one node', ...placed, workload: 'api' },
    expects: /two pods of api are on/,
    edits: [ofDeployment([...POD, 'affinity'], { podAffinity: together('api') })],
  },
  {
    ...{ title: 'an upgrade that ends all pods first', check: 'an upgrade leaves no gap' },
    ...{ workload: 'api', expects: /api had 0 ready pods during the upgrade/ },
    edits: [ofDeployment(['spec', 'strategy'], { type: 'Recreate' })],
  },
  {
    ...{ title: 'pods that end without preStop', check: 'an upgrade leaves no gap' },
    ...{ workload: 'api', expects: /api-.* ended -?\d+ ms after its last request/ },
    edits: [ofDeployment([...CONTAINER, 'lifecycle'])],
  },
  {
    ...{ title: 'a budget of no pod', check: 'the pods of a drained node move' },
    ...{ workload: 'api', expects: /the drain of .* did not end/ },
    edits: [{ kind: 'PodDisruptionBudget', path: ['spec', 'maxUnavailable'], value: 0 }],
  },
  {
    ...{ title: 'a budget of all pods', check: 'a drain of all nodes is refused' },
    ...{ workload: 'api', expects: /api has no ready pod/ },
    edits: [{ kind: 'PodDisruptionBudget', path: ['spec', 'maxUnavailable'], value: '100%' }],
  },
  {
    ...{ title: 'an autoscaler of fewer pods', workload: 'api' },
    check: 'autoscalers make ten pods, which have room',
    expects: /Deployment api: 4 of 10 pods/,
    edits: [{ kind: 'HorizontalPodAutoscaler', path: ['spec', 'maxReplicas'], value: 4 }],
  },
  {
    ...{ title: 'ten pods without room', workload: 'api' },
    check: 'autoscalers make ten pods, which have room',
    expects: /Deployment api: 6 of 10 .*Insufficient cpu/,
    edits: ['requests', 'limits'].map((kind) =>
      ofDeployment([...CONTAINER, 'resources', kind, 'cpu'], '8'),
    ),
  },
  {
    ...{ title: 'a pod that tolerates broken nodes', check: 'the pods of a broken node move' },
    ...{ workload: 'api', expects: /api-.* stays on the broken node/ },
    edits: [ofDeployment([...POD, 'tolerations'], [{ operator: 'Exists' }])],
  },
];

/** Affinity of pods to others of their component. */
function together(component: string) {
  const labelSelector = { matchLabels: { 'app.kubernetes.io/component': component } };
  const term = { labelSelector, topologyKey: 'kubernetes.io/hostname' };
  return { requiredDuringSchedulingIgnoredDuringExecution: [term] };
}

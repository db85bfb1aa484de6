import type { ControlPlane } from '../control-plane.js';
import type { Manifest } from '../manifests.js';
import { makeNodes, makeVolumes, nodeNamesOf, type NodeNames, ownNodes } from './nodes.js';

/** deploy/k8s in a namespace and on nodes of its own. */
export interface Scenario {
  readonly namespace: string;
  readonly nodes: NodeNames;
  readonly manifests: readonly Manifest[];
  readonly kubectl: ControlPlane['kubectl'];
  /** Finding for which a check need not wait longer. */
  readonly awaited?: RegExp | undefined;
  /** Runs kubectl in the namespace. @throws Error with what it printed if it fails. */
  run(...args: string[]): Promise<string>;
}

export interface ScenarioOptions {
  /** Nodes with a GPU, by default 1. */
  readonly gpuNodes?: number;
  /** Limits of the namespace, as a ResourceQuota has them. */
  readonly quota?: Readonly<Record<string, string>>;
  /** Finding that a check must have. */
  readonly expects?: RegExp;
}

/** Makes the nodes and the namespace, and applies manifests in it. */
export async function startScenario(
  { kubectl }: ControlPlane,
  namespace: string,
  built: readonly Manifest[],
  { gpuNodes = 1, quota, expects }: ScenarioOptions = {},
): Promise<Scenario> {
  const nodes = nodeNamesOf(namespace, gpuNodes);
  const manifests = moveTo(namespace, built);
  const shared = [...makeNodes(namespace, nodes), ...makeVolumes(namespace)];
  await kubectl.run(['create', '-f', '-'], shared.map((each) => JSON.stringify(each)).join('\n'));
  const names = [...nodes.cpu, ...nodes.gpu].map((name) => `node/${name}`);
  await kubectl.run(['wait', ...names, '--for=condition=Ready', '--timeout=60s']);
  const isNamespace = ({ kind }: Manifest) => kind === 'Namespace';
  const { exitCode, stderr } = await kubectl.apply([
    ...manifests.filter(isNamespace),
    ...(quota ? [makeQuota(namespace, quota)] : []),
    ...manifests.filter((each) => !isNamespace(each)),
  ]);
  if (exitCode !== 0) throw new Error(`The manifests of ${namespace} were refused:\n${stderr}`);
  const run = (...args: string[]) => kubectl.run([...args, '--namespace', namespace]);
  return { namespace, nodes, manifests, kubectl, run, awaited: expects };
}

/** The same manifests in another namespace. */
function moveTo(namespace: string, manifests: readonly Manifest[]): Manifest[] {
  return manifests.map((each) => {
    const { metadata } = each;
    if (each.kind !== 'Namespace') return { ...each, metadata: { ...metadata, namespace } };
    return {
      ...each,
      metadata: { ...metadata, name: namespace, annotations: ownNodes(namespace) },
    };
  });
}

const makeQuota = (namespace: string, hard: object): Manifest => ({
  ...{ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'limits', namespace } },
  spec: { hard },
});

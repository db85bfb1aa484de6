import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { projectFile } from '../../platform/package-root.js';
import type { Kubectl } from './kubectl.js';

const labels = z.record(z.string(), z.string());

/** One resource of Kubernetes. */
const manifestSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels: labels.optional(),
  }),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** Components that an overlay may add to the base. */
export const COMPONENTS = await readdir(projectFile('deploy/k8s/components'));

/** Values for the files of secrets of the overlay `example`. */
const SECRETS = {
  'servers.secret.env': [
    'MINIO_ACCESS_KEY=access-27ab',
    'MINIO_SECRET_KEY=secret-93de',
    'MONGO_URI=mongodb://vidette:mongo-5b60@mongodb.mongodb:27017/?authSource=admin',
    `VIDETTE_PAYLOAD_KEYS=a:${'A'.repeat(43)}=`,
    `VIDETTE_WEBHOOK_SECRET=whsec_${'A'.repeat(43)}=`,
    `VIDETTE_CAMERA_KEY=${'A'.repeat(43)}=`,
  ],
  'images.secret.env': [`VIDETTE_API_KEYS=${'0'.repeat(64)}`],
};

/** Values of {@link SECRETS}, which no manifest but a Secret may contain. */
export const SECRET_VALUES = Object.values(SECRETS)
  .flat()
  .map((line) => line.slice(line.indexOf('=') + 1));

/** Builds the overlay `example` with components, after its files of secrets have been filled in. */
export async function buildExample(
  kubectl: Pick<Kubectl, 'run'>,
  components: readonly string[] = [],
): Promise<Manifest[]> {
  const folder = await mkdtemp(join(tmpdir(), 'vidette-overlays-'));
  try {
    await cp(projectFile('deploy'), folder, { recursive: true });
    const example = join(folder, 'k8s/overlays/example');
    for (const [name, lines] of Object.entries(SECRETS)) {
      await writeFile(join(example, name), `${lines.join('\n')}\n`);
    }
    const path = join(example, 'kustomization.yaml');
    const text = await readFile(path, 'utf8');
    const list = components.map((name) => `../../components/${name}`).join(', ');
    await writeFile(path, text.replace('components: []', `components: [${list}]`));
    return parseManifests(await kubectl.run(['kustomize', example]));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The rules of Prometheus in deploy/monitoring, as a resource of the Prometheus operator. */
export async function makeRules(): Promise<Manifest> {
  const text = await readFile(projectFile('deploy/monitoring/rules/vidette.yml'), 'utf8');
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'vidette', namespace: 'vidette' },
    spec: parse(text) as unknown,
  };
}

/** Parses a file with several resources, in the version of YAML that Kubernetes reads. */
function parseManifests(text: string): Manifest[] {
  return parseAllDocuments(text, { version: '1.1' }).map((document) =>
    manifestSchema.parse(document.toJS()),
  );
}

/** Hash that kustomize appends to the name of a ConfigMap or Secret; it has no other characters. */
const HASH = /^-[2456789bcdfghkmt]{10}$/;

/** Returns a resource by its kind and its name without a hash. */
export function findManifest(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const isNamed = ({ metadata }: Manifest) =>
    metadata.name === name ||
    (metadata.name.startsWith(name) && HASH.test(metadata.name.slice(name.length)));
  const found = manifests.find((each) => each.kind === kind && isNamed(each));
  if (!found) throw new Error(`No ${kind} ${name} among ${manifests.length} manifests`);
  return found;
}

/** Short name of a resource, for messages. */
export const titleOf = ({ kind, metadata }: Manifest) => `${kind} ${metadata.name}`;

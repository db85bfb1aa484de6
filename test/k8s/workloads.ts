import { z } from 'zod';
import { type Manifest, titleOf } from './manifests.js';

const quantity = z.union([z.string(), z.number()]).transform(String);
const resources = z.record(z.string(), quantity).default({});
const reference = z.looseObject({ name: z.string(), optional: z.boolean().optional() });
const probe = z.looseObject({
  httpGet: z.looseObject({ port: z.union([z.string(), z.number()]) }),
});

const environmentEntry = z.looseObject({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: z
    .looseObject({
      secretKeyRef: reference.extend({ key: z.string() }).optional(),
      configMapKeyRef: reference.extend({ key: z.string() }).optional(),
    })
    .optional(),
});

const container = z.looseObject({
  name: z.string(),
  args: z.array(z.string()).default([]),
  env: z.array(environmentEntry).default([]),
  envFrom: z
    .array(z.looseObject({ configMapRef: reference.optional(), secretRef: reference.optional() }))
    .default([]),
  ports: z.array(z.looseObject({ name: z.string(), containerPort: z.number() })).default([]),
  resources: z
    .looseObject({ requests: resources, limits: resources })
    .default({ requests: {}, limits: {} }),
  lifecycle: z
    .looseObject({
      preStop: z.looseObject({ sleep: z.looseObject({ seconds: z.number() }) }),
    })
    .optional(),
  startupProbe: probe.optional(),
  livenessProbe: probe.optional(),
  readinessProbe: probe.optional(),
});

const volume = z.looseObject({
  name: z.string(),
  emptyDir: z
    .looseObject({ medium: z.string().optional(), sizeLimit: quantity.optional() })
    .optional(),
});

const podTemplate = z.looseObject({
  metadata: z.looseObject({ labels: z.record(z.string(), z.string()).default({}) }),
  spec: z.looseObject({
    containers: z.array(container).min(1),
    terminationGracePeriodSeconds: z.number().default(30),
    volumes: z.array(volume).default([]),
  }),
});

const workloadSchema = z.looseObject({
  spec: z.looseObject({ template: podTemplate }),
});

export type Container = z.infer<typeof container>;

/** A resource that creates pods. */
export interface Workload {
  readonly title: string;
  readonly kind: string;
  readonly name: string;
  readonly pod: z.infer<typeof podTemplate>;
  readonly container: Container;
}

const KINDS = ['Deployment', 'StatefulSet', 'Job'];

/** Returns the resources that create pods; each pod has one container. */
export function workloadsOf(manifests: readonly Manifest[]): Workload[] {
  return manifests
    .filter(({ kind }) => KINDS.includes(kind))
    .map((manifest) => {
      const { template: pod } = workloadSchema.parse(manifest).spec;
      const [container] = pod.spec.containers;
      if (!container) throw new Error(`${titleOf(manifest)} has no container`);
      const { kind, metadata } = manifest;
      return { title: titleOf(manifest), kind, name: metadata.name, pod, container };
    });
}

/** A pod as a workload would create it. */
export function podOf(manifest: Manifest): Manifest {
  const { template } = workloadSchema.parse(manifest).spec;
  const { name, namespace } = manifest.metadata;
  // volumeClaimTemplates of a StatefulSet become volumes of its pods.
  const claims = z
    .looseObject({
      spec: z.looseObject({
        volumeClaimTemplates: z
          .array(z.looseObject({ metadata: z.looseObject({ name: z.string() }) }))
          .default([]),
      }),
    })
    .parse(manifest)
    .spec.volumeClaimTemplates.map(({ metadata }) => metadata.name);
  const volumes = claims.map((claim) => ({
    name: claim,
    persistentVolumeClaim: { claimName: claim },
  }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...template.metadata, name, namespace },
    spec: { ...template.spec, volumes: [...template.spec.volumes, ...volumes] },
  };
}

const UNITS = { '': 1, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 } as const;

/** Bytes of a quantity such as `512Mi`. @throws Error for another unit. */
export function bytesOf(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(|Ki|Mi|Gi)$/.exec(text) ?? [];
  if (number === undefined) throw new Error(`"${text}" is not a number of bytes, Ki, Mi or Gi`);
  return Number(number) * UNITS[unit as keyof typeof UNITS];
}

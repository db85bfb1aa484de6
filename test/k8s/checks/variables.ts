import { z } from 'zod';
import type { Manifest } from '../manifests.js';
import type { Container } from '../workloads.js';

/** Value of a field that is known when the pod runs, such as its address. */
const FIELD_VALUE = '10.0.0.1';

const text = z.record(z.string(), z.string());
const dataSchema = z.looseObject({ data: text.default({}) });

/** A variable of a container, and whether it comes from a Secret. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly isSecret: boolean;
}

/** Returns the variables of a container, of which a later one replaces an earlier one of its name. */
export function readVariables({ env, envFrom }: Container, manifests: readonly Manifest[]) {
  const missing: string[] = [];
  const read = (kind: 'ConfigMap' | 'Secret', name: string) => {
    const found = manifests.find((each) => each.kind === kind && each.metadata.name === name);
    if (!found) missing.push(`${kind} ${name}`);
    return found ? dataOf(found) : {};
  };
  const fromData = envFrom.flatMap(({ configMapRef, secretRef }) => [
    ...(configMapRef ? entriesOf(read('ConfigMap', configMapRef.name), false) : []),
    ...(secretRef ? entriesOf(read('Secret', secretRef.name), true) : []),
  ]);
  const single = env.map(({ name, value, valueFrom }): Variable => {
    const [secret, config] = [valueFrom?.secretKeyRef, valueFrom?.configMapKeyRef];
    if (secret) {
      return { name, value: read('Secret', secret.name)[secret.key] ?? '', isSecret: true };
    }
    if (config) {
      return { name, value: read('ConfigMap', config.name)[config.key] ?? '', isSecret: false };
    }
    return { name, value: value ?? FIELD_VALUE, isSecret: false };
  });
  return { variables: [...fromData, ...single], missing };
}

const entriesOf = (data: Readonly<Record<string, string>>, isSecret: boolean) =>
  Object.entries(data).map(([name, value]): Variable => ({ name, value, isSecret }));

function dataOf(manifest: Manifest): Readonly<Record<string, string>> {
  const { data } = dataSchema.parse(manifest);
  if (manifest.kind !== 'Secret') return data;
  const decoded = Object.entries(data).map(([name, value]) => [
    name,
    Buffer.from(value, 'base64').toString(),
  ]);
  return text.parse(Object.fromEntries(decoded));
}

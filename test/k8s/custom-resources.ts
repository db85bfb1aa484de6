import { join } from 'node:path';
import type { ControlPlane } from './control-plane.js';
import { findModule } from './programs.js';

const KEDA = ['keda.sh_scaledobjects', 'keda.sh_triggerauthentications'];
const PROMETHEUS = ['monitoring.coreos.com_podmonitors', 'monitoring.coreos.com_prometheusrules'];

/** Installs the resources of KEDA and of the Prometheus operator that deploy/k8s has. */
export async function installCustomResources({ kubectl }: ControlPlane): Promise<void> {
  const [keda, operator] = [await findModule('keda'), await findModule('prometheusOperator')];
  const files = [
    ...KEDA.map((name) => join(keda, 'config/crd/bases', `${name}.yaml`)),
    ...PROMETHEUS.map((name) => join(operator, 'example/prometheus-operator-crd', `${name}.yaml`)),
  ];
  const named = files.flatMap((file) => ['-f', file]);
  await kubectl.run(['apply', '--server-side', ...named]);
  await kubectl.run(['wait', '--for=condition=Established', ...named, '--timeout=60s']);
}

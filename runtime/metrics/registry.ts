import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { VERSION } from '../../platform/version.js';

/**
 * Creates the metrics of this process: those of Node, and `vidette_build_info`.
 * @param processName value of the label `process`, such as `video-worker`.
 */
export function createRegistry(processName: string): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'vidette_build_info',
    help: 'Process and its version: always 1',
    labelNames: ['process', 'version'],
    registers: [registry],
  }).set({ process: processName, version: VERSION }, 1);
  return registry;
}

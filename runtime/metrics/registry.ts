import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { VERSION } from '../../platform/version.js';

/** Interval between measurements of the event loop's delay in ms; 10 would take 1 % of a core. */
const LOOP_PRECISION_MS = 100;

/**
 * Creates the metrics of this process: those of Node, and `vidette_build_info`.
 * @param processName value of the label `process`, such as `video-worker`.
 */
export function createRegistry(processName: string): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_PRECISION_MS });
  new Gauge({
    name: 'vidette_build_info',
    help: 'Process and its version: always 1',
    labelNames: ['process', 'version'],
    registers: [registry],
  }).set({ process: processName, version: VERSION }, 1);
  return registry;
}

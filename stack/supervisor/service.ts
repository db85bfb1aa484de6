import type { ServiceName } from './stack-plan.js';

/** One process of a stack: how it is started, and how to tell that it is ready. */
export interface Service {
  readonly name: ServiceName;
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** `host:port` that it listens on; for a worker, that of the Temporal server it polls. */
  readonly address: string;
  /** Address of its Web UI. */
  readonly ui?: string;
  /** Where it answers whether it is ready, `http://host:port/readyz`. */
  readonly health?: string;
  readonly readyTimeoutMs: number;
  readonly graceMs: number;
  /** Resolves with true if it is ready; otherwise resolves with false or rejects. */
  probe(): Promise<boolean>;
}

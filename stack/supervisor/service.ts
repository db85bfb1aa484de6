import type { ServiceName } from './stack-plan.js';

/** A process of a stack: its command and its readiness check. */
export interface Service {
  readonly name: ServiceName;
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** `host:port` that it listens on; for a worker, that of the Temporal server that it polls. */
  readonly address: string;
  /** URL of its Web UI. */
  readonly ui?: string;
  /** URL of its readiness check, `http://host:port/readyz`. */
  readonly health?: string;
  readonly readyTimeoutMs: number;
  readonly graceMs: number;
  /** Runs before each start of the process, while none is running. */
  beforeStart?(): Promise<void>;
  /** Resolves with true if it is ready; otherwise resolves with false or rejects. */
  probe(): Promise<boolean>;
}

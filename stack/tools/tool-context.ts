import type { Config } from '../../config/index.js';
import type { OnStep } from '../on-step.js';

/** Context for describing a tool. */
export interface ToolContext {
  readonly config: Config;
  /** Cache folder for executables. */
  readonly binDir: string;
  readonly onStep: OnStep;
}

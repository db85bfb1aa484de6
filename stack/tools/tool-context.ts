import type { Config } from '../../config/index.js';
import type { OnStep } from '../on-step.js';

/** What each tool's description is made from. */
export interface ToolContext {
  readonly config: Config;
  /** The cache folder for executables. */
  readonly binDir: string;
  readonly onStep: OnStep;
}

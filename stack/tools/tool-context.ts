import { resolve } from 'node:path';
import type { Config } from '../../config/index.js';
import { type Confirm, consentOf } from '../consent.js';
import type { OnStep } from '../on-step.js';
import { createTransfers, type Transfers } from './transfers.js';

/** Context for finding and installing tools. */
export interface ToolContext {
  readonly config: Config;
  /** Cache folder for executables. */
  readonly binDir: string;
  /** Folder of unfinished downloads. */
  readonly downloadsDir: string;
  readonly transfers: Transfers;
  readonly onStep: OnStep;
  readonly confirm: Confirm;
}

export interface ToolContextOptions {
  readonly config: Config;
  readonly onStep: OnStep;
  /** Default: what the environment allows. */
  readonly confirm?: Confirm | undefined;
}

export function createToolContext(options: ToolContextOptions): ToolContext {
  const { config, onStep, confirm = consentOf(config) } = options;
  return {
    ...{ config, onStep, confirm },
    binDir: resolve(config.cacheDir, 'bin'),
    downloadsDir: resolve(config.cacheDir, 'downloads'),
    transfers: createTransfers(onStep),
  };
}

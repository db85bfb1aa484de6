import type { Config } from '../config/index.js';
import type { Confirm } from '../stack/consent.js';
import { Interrupted } from './exit-codes.js';
import type { Output } from './output.js';

/** Context of every command. */
export interface App {
  readonly config: Config;
  readonly out: Output;
  /** Asks for consent to an action. */
  readonly confirm: Confirm;
  /** Aborts with {@link Interrupted} on Ctrl-C; the second one ends the process at once. */
  readonly signal: AbortSignal;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const INTERRUPTED_EXIT = 130;

/** Returns a signal that aborts on SIGINT, SIGTERM and SIGHUP. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(INTERRUPTED_EXIT);
      controller.abort(new Interrupted('Interrupted.'));
    });
  }
  return controller.signal;
}

import { type Command, Option } from 'commander';
import type { Config } from '../config/index.js';
import type { Confirm } from '../stack/consent.js';
import { askLine } from './models/ask.js';
import type { Output } from './output.js';

/** Options that allow actions in advance. */
export interface ConsentFlags {
  readonly yes?: boolean;
  readonly acceptAgpl?: boolean;
}

export function addConsentOptions(command: Command): Command {
  return command
    .option('--yes', "allow installing ffmpeg with the system's package manager, if it is missing")
    .addOption(acceptAgplOption());
}

export function acceptAgplOption(): Option {
  return new Option('--accept-agpl', 'accept the licence AGPL-3.0 of the model yolov8n');
}

interface ConfirmOptions {
  readonly config: Pick<Config, 'consent'>;
  readonly flags: ConsentFlags;
  readonly out: Output;
  readonly signal: AbortSignal;
}

/**
 * Allows an action if its flag or variable is set; otherwise asks on a terminal, one question at a time.
 */
export function createConfirm({ config, flags, out, signal }: ConfirmOptions): Confirm {
  const given = { install: flags.yes, agpl: flags.acceptAgpl };
  let last = Promise.resolve(false);
  return async ({ kind, question }) => {
    if (given[kind] ?? config.consent[kind]) return true;
    if (!process.stdin.isTTY || !process.stderr.isTTY || out.json) return false;
    const ask = async () => /^y/i.test(await askLine(`${question} [y/N] `, signal));
    last = last.catch(() => false).then(() => out.pause(ask));
    return last;
  };
}

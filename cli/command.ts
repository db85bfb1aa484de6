import { Command } from 'commander';
import type { App } from './app.js';
import type { ConsentFlags } from './consent.js';
import { type Connected, settingsInUse, withClient } from './connect.js';

/** Creates the context of a command after its arguments are parsed. */
export type CreateApp = (flags?: ConsentFlags) => App;

/** Creates a command whose `--help` ends with examples. */
export function newCommand(
  name: string,
  description: string,
  examples: readonly string[],
): Command {
  const lines = examples.map((example) => `  $ vidette ${example}`).join('\n');
  const title = examples.length === 1 ? 'Example' : 'Examples';
  return new Command(name).description(description).addHelpText('after', `\n${title}:\n${lines}`);
}

/** Runs `work` with a client of the servers in use. */
export async function withServers<T>(
  app: App,
  work: (connected: Connected) => Promise<T>,
): Promise<T> {
  return withClient(await settingsInUse(app.config), work);
}

/** Sets the exit code of the process, which ends when all connections are closed. */
export function setExitCode(code: number): void {
  process.exitCode = code;
}

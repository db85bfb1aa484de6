import { Command } from 'commander';
import type { App } from './app.js';
import { type Connected, settingsInUse, withClient } from './connect.js';

/** Gives a command what it needs once its arguments are known. */
export type CreateApp = () => App;

/** A command with its examples, which `--help` shows. */
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

/** The exit code that the process ends with, once all is closed. */
export function setExitCode(code: number): void {
  process.exitCode = code;
}

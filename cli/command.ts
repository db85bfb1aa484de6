import { Command } from 'commander';
import type { Config } from '../config/index.js';
import type { App } from './app.js';
import type { ConsentFlags } from './consent.js';
import type { Connected } from './connect.js';

/** Creates the context of a command after its arguments are parsed. */
export type CreateApp = (flags?: ConsentFlags) => Promise<App>;

/** Context in which a command is defined. */
export interface CommandContext {
  readonly createApp: CreateApp;
  /** Arguments after the name of the command; undefined defines all of its subcommands. */
  readonly args: readonly string[] | undefined;
  /** Creates the command line with all commands defined. */
  readonly createWhole: () => Promise<Command>;
}

/** Adds options, examples and an action, or subcommands, to a command. */
export type DefineCommand = (command: Command, context: CommandContext) => void | Promise<void>;

/** Row of a table of commands: everything that a list of commands shows, and its module. */
export interface CommandEntry {
  readonly name: string;
  readonly description: string;
  readonly arguments?: readonly (readonly [term: string, description: string])[];
  /** Imports the module of the command. */
  readonly load: () => Promise<DefineCommand>;
}

/** Adds the commands of a table; imports only the module of the one that the arguments name. */
export async function addCommands(
  parent: Command,
  entries: readonly CommandEntry[],
  context: CommandContext,
): Promise<void> {
  const named = context.args && findNamed(entries, context.args);
  for (const entry of entries) {
    const command = newCommandOf(entry);
    parent.addCommand(command);
    if (context.args && entry !== named?.entry) continue;
    const define = await entry.load();
    await define(command, { ...context, args: named?.rest });
  }
}

function newCommandOf({ name, description, arguments: terms = [] }: CommandEntry): Command {
  const command = new Command(name).description(description);
  for (const [term, meaning] of terms) command.argument(term, meaning);
  return command;
}

/** Options before the name of a command that take their value from the next argument. */
const WITH_VALUE = ['--log-level'];

/** Finds the command that the first argument names, or the second one after `help`. */
function findNamed(entries: readonly CommandEntry[], args: readonly string[]) {
  const isName = (argument: string, index: number) =>
    !argument.startsWith('-') && argument !== 'help' && !WITH_VALUE.includes(args[index - 1] ?? '');
  const index = args.findIndex(isName);
  const entry = entries.find(({ name }) => name === args[index]);
  return entry && { entry, rest: args.slice(index + 1) };
}

/** Adds examples to the end of the help of a command. */
export function addExamples(command: Command, ...examples: readonly string[]): Command {
  const lines = examples.map((example) => `  $ vidette ${example}`).join('\n');
  const title = examples.length === 1 ? 'Example' : 'Examples';
  return command.addHelpText('after', `\n${title}:\n${lines}`);
}

/** Limits the first argument of a command to some values. */
export function limitArgument(command: Command, values: readonly string[]): void {
  command.registeredArguments[0]?.choices(values);
}

/** Creates a command whose `--help` ends with examples. */
export function newCommand(
  name: string,
  description: string,
  examples: readonly string[],
): Command {
  return addExamples(new Command(name).description(description), ...examples);
}

/** Runs `work` with a client of the servers in use. */
export async function withServers<T>(
  app: App,
  work: (connected: Connected) => Promise<T>,
): Promise<T> {
  const { settingsInUse, withClient } = await import('./connect.js');
  const servers = await settingsInUse(app.config);
  reportServers(app, servers);
  return withClient(servers, work);
}

/** Reports the servers that a command uses, unless they are those of the local stack. */
export function reportServers({ config, out }: App, { temporal }: Pick<Config, 'temporal'>): void {
  if (config.namesServers) out.step(`using the servers of ${temporal.address}`);
}

/** Sets the exit code of the process, which ends when all connections are closed. */
export function setExitCode(code: number): void {
  process.exitCode = code;
}

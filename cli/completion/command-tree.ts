import type { Command } from 'commander';

/** An option as shells complete it. */
export interface OptionInfo {
  /** Long and short form, such as `--conf` and `-c`. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  /** Allowed values; empty if any is allowed. */
  readonly choices: readonly string[];
}

/** A command with its subcommands as shells complete it. */
export interface CommandInfo {
  /** Names from the root, such as `models add`; empty for the root. */
  readonly path: readonly string[];
  readonly description: string;
  readonly options: readonly OptionInfo[];
  /** Allowed values of its first argument; empty if any is allowed. */
  readonly choices: readonly string[];
  readonly commands: readonly CommandInfo[];
}

/** Lists a command with its options and, recursively, its subcommands. */
export function describeCommand(command: Command, path: readonly string[] = []): CommandInfo {
  return {
    path,
    description: command.description(),
    options: optionsOf(command),
    choices: command.registeredArguments[0]?.argChoices ?? [],
    commands: command.commands.map((each) => describeCommand(each, [...path, each.name()])),
  };
}

/** Returns a command and all below it. */
export function flatten(command: CommandInfo): CommandInfo[] {
  return [command, ...command.commands.flatMap(flatten)];
}

const HELP: OptionInfo = {
  flags: ['--help', '-h'],
  description: 'display help for command',
  takesValue: false,
  choices: [],
};

/** Options of a command and, as they are accepted everywhere, those of its parents. */
function optionsOf(command: Command): OptionInfo[] {
  const visible = command.options.filter(({ hidden }) => !hidden);
  const described = visible.map((option) => ({
    flags: [option.long, option.short].filter((flag) => typeof flag === 'string'),
    description: option.description,
    takesValue: option.required || option.optional,
    choices: option.argChoices ?? [],
  }));
  if (!command.parent) return [...described, HELP];
  const isVersion = ({ flags }: OptionInfo) => flags.includes('--version');
  return [...described, ...optionsOf(command.parent).filter((option) => !isVersion(option))];
}

import { Command, Option } from 'commander';
import { VERSION } from '../platform/version.js';
import { addCommands, type CreateApp } from './command.js';
import { COMMANDS } from './commands/index.js';
import { EXIT_CODES_HELP } from './exit-codes.js';
import { createOutput, LOG_LEVELS, type LogLevel, type Output } from './output.js';

interface GlobalFlags {
  readonly json?: boolean;
  readonly logLevel: LogLevel;
}

export interface Program {
  readonly command: Command;
  /** Output of the running command. */
  output(): Output;
}

/**
 * Creates the command line. Only the command that the arguments name is defined in full; without
 * arguments, all are.
 */
export async function createProgram(
  signal: AbortSignal,
  args?: readonly string[],
): Promise<Program> {
  const command = newRoot();
  const output = () => {
    const { json = false, logLevel } = command.opts<GlobalFlags>();
    return createOutput({ json, level: logLevel });
  };
  const createApp: CreateApp = async (flags = {}) => {
    const { readConfig } = await import('../config/index.js');
    const { createConfirm } = await import('./consent.js');
    const config = readConfig();
    const out = output();
    return { config, out, signal, confirm: createConfirm({ config, flags, out, signal }) };
  };
  const createWhole = async () => (await createProgram(signal)).command;
  await addCommands(command, COMMANDS, { createApp, args, createWhole });
  configure(command);
  return { command, output };
}

function newRoot(): Command {
  return new Command('vidette')
    .description('Durable video object detection on Temporal: every frame accounted for.')
    .version(VERSION, '-V, --version', 'print the version')
    .option('--json', 'print the result as JSON')
    .addOption(
      new Option(
        '--log-level <level>',
        'detail of messages on standard error; debug adds stack traces',
      )
        .choices([...LOG_LEVELS])
        .default('info'),
    )
    .addHelpText('after', EXIT_CODES_HELP);
}

/** Makes the parser throw its errors, so that exit codes are set in one place. */
function configure(command: Command): void {
  command.exitOverride();
  command.configureHelp({ showGlobalOptions: true });
  command.showHelpAfterError('Run with --help to list commands and options.');
  command.commands.forEach(configure);
}

import { Command, Option } from 'commander';
import { readConfig } from '../config/index.js';
import type { CreateApp } from './command.js';
import { createConfirm } from './consent.js';
import { detectCommand } from './commands/detect.js';
import { doctorCommand } from './commands/doctor.js';
import { exportCommand } from './commands/export.js';
import { initCommand } from './commands/init.js';
import { cancelCommand, jobCommand, jobsCommand, rerunCommand } from './commands/jobs.js';
import { keysCommand } from './commands/keys.js';
import { modelsCommand } from './commands/models.js';
import { scheduleCommand } from './commands/schedule.js';
import { downCommand, statusCommand, upCommand } from './commands/stack-commands.js';
import { startCommand } from './commands/start.js';
import { EXIT_CODES_HELP } from './exit-codes.js';
import { createOutput, LOG_LEVELS, type LogLevel, type Output } from './output.js';

interface GlobalFlags {
  readonly json?: boolean;
  readonly logLevel: LogLevel;
}

const COMMANDS = [
  startCommand,
  upCommand,
  downCommand,
  statusCommand,
  detectCommand,
  jobsCommand,
  jobCommand,
  cancelCommand,
  rerunCommand,
  exportCommand,
  scheduleCommand,
  modelsCommand,
  keysCommand,
  initCommand,
  doctorCommand,
];

export interface Program {
  readonly command: Command;
  /** Output of the running command. */
  output(): Output;
}

/** Creates the command line with all commands. */
export function createProgram(signal: AbortSignal): Program {
  const command = new Command('vidette')
    .description('Durable video object detection on Temporal: every frame accounted for.')
    .option('--json', 'print the result as JSON')
    .addOption(
      new Option(
        '--log-level <level>',
        'detail of messages on standard error; debug adds stack traces',
      )
        .choices([...LOG_LEVELS])
        .default('info'),
    )
    .addHelpText('after', EXIT_CODES_HELP)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('Run with --help to list commands and options.');
  const output = () => {
    const { json = false, logLevel } = command.opts<GlobalFlags>();
    return createOutput({ json, level: logLevel });
  };
  const createApp: CreateApp = (flags = {}) => {
    const config = readConfig();
    const out = output();
    return { config, out, signal, confirm: createConfirm({ config, flags, out, signal }) };
  };
  for (const create of COMMANDS) command.addCommand(create(createApp));
  configure(command);
  return { command, output };
}

/** Makes the parser throw its errors, so that exit codes are set in one place. */
function configure(command: Command): void {
  command.exitOverride();
  command.configureHelp({ showGlobalOptions: true });
  command.showHelpAfterError('Run with --help to list commands and options.');
  command.commands.forEach(configure);
}

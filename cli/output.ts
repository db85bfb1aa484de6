import { errorColors as colors } from './colors.js';
import { type Advice, AppError, messageOf, withAdvice } from '../domain/errors.js';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface OutputSettings {
  readonly json: boolean;
  readonly level: LogLevel;
}

/** Where a command says things: results on standard output, all else on standard error. */
export interface Output extends OutputSettings {
  /** The command's result: as JSON with `--json`, else as text. */
  readonly result: (data: unknown, text: string) => void;
  /** What is being done. */
  readonly step: (message: string) => void;
  /** What a person should know beside the result. */
  readonly note: (message: string) => void;
  readonly failure: (error: unknown) => void;
}

export function createOutput({ json, level }: OutputSettings): Output {
  const isSaid = (wanted: LogLevel) => LOG_LEVELS.indexOf(wanted) >= LOG_LEVELS.indexOf(level);
  const say = (line: string) => process.stderr.write(`${line}\n`);
  return {
    json,
    level,
    result: (data, text) => {
      process.stdout.write(`${json ? JSON.stringify(data, null, 2) : text}\n`);
    },
    step: (message) => {
      if (isSaid('info')) say(colors.dim(`${new Date().toTimeString().slice(0, 8)} ${message}`));
    },
    note: (message) => {
      if (isSaid('info')) say(message);
    },
    failure: (error) => {
      if (json) process.stdout.write(`${JSON.stringify({ error: errorData(error) }, null, 2)}\n`);
      say(`${colors.red('error:')} ${explain(error)}`);
      if (level === 'debug' && error instanceof Error) say(error.stack ?? '');
    },
  };
}

function errorData(error: unknown) {
  return { code: error instanceof AppError ? error.code : null, message: explain(error) };
}

/** How those who type commands help themselves. */
const ADVICE: Readonly<Record<Advice, string>> = {
  'bring-video': 'No file has this name either: give the path of a video.',
  'list-jobs': '"vidette jobs" lists those that are.',
  'check-servers': 'Check "vidette status", or start everything with "vidette up".',
  'get-model':
    'Run "vidette models pull" to get the default model, or "vidette models add FILE" for one of your own.',
};

/** One message that says what happened and what to do. */
export function explain(error: unknown): string {
  if (error instanceof AppError) return withAdvice(error, ADVICE);
  return messageOf(error);
}

import { createLineWriter } from '../stack/line-writer.js';
import type { OnStep } from '../stack/on-step.js';
import { errorColors as colors } from './colors.js';
import { withAdvice } from '../domain/advice.js';
import { AppError, messageOf } from '../domain/errors.js';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface OutputSettings {
  readonly json: boolean;
  readonly level: LogLevel;
}

/** Output of a command: results on standard output, everything else on standard error. */
export interface Output extends OutputSettings {
  /** Prints the result: as JSON with `--json`, else as text. */
  readonly result: (data: unknown, text: string) => void;
  /** Reports what the command is doing. */
  readonly step: OnStep;
  /** Prints a hint that is not part of the result. */
  readonly note: (message: string) => void;
  readonly failure: (error: unknown) => void;
  /** Runs `work`, which asks the user a question; other messages wait. */
  readonly pause: <T>(work: () => Promise<T>) => Promise<T>;
}

export function createOutput({ json, level }: OutputSettings): Output {
  const isShown = (wanted: LogLevel) => LOG_LEVELS.indexOf(wanted) >= LOG_LEVELS.indexOf(level);
  const writer = createLineWriter(process.stderr);
  return {
    json,
    level,
    result: (data, text) => {
      process.stdout.write(`${json ? JSON.stringify(data, null, 2) : text}\n`);
    },
    step: (message, kind) => {
      if (!isShown('info')) return;
      const line = `${new Date().toTimeString().slice(0, 8)} ${message}`;
      if (kind === 'transient') writer.transient(line);
      else writer.line(colors.dim(line));
    },
    note: (message) => {
      if (isShown('info')) writer.line(message);
    },
    failure: (error) => {
      if (json) process.stdout.write(`${JSON.stringify({ error: errorData(error) }, null, 2)}\n`);
      writer.line(`${colors.red('error:')} ${explain(error)}`);
      if (level === 'debug' && error instanceof Error) writer.line(error.stack ?? '');
    },
    pause: (work) => writer.pause(work),
  };
}

/** Returns an error in the form of `--json`. */
export function errorData(error: unknown) {
  return { code: error instanceof AppError ? error.code : null, message: explain(error) };
}

/** Returns one message: what failed and what to do. */
export function explain(error: unknown): string {
  if (error instanceof AppError) return withAdvice(error, 'cli');
  return messageOf(error);
}

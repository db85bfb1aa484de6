import type { Command } from 'commander';
import { ANSWER_KEYS, ANSWERS } from './answers.js';

/** Adds a flag for each question about a model. */
export function addAnswerOptions(command: Command): void {
  for (const key of ANSWER_KEYS) {
    const { flag, value, meaning } = ANSWERS[key];
    command.option(`${flag} ${value}`, meaning);
  }
}

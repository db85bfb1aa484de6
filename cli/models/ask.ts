import { createInterface } from 'node:readline/promises';
import { AppError, messageOf } from '../../domain/errors.js';
import type { Answers, Question } from '../../models/recognise/index.js';
import { ANSWERS, readAnswers } from './answers.js';

/** Prompts the user in a terminal. */
export interface Prompter {
  readonly answer: (questions: readonly Question[]) => Promise<Answers>;
  /** Asks a yes/no question; default: yes. */
  readonly confirm: (question: string) => Promise<boolean>;
}

/** Creates prompts on the terminal; every question is repeated until its answer is valid. */
export function createTerminalPrompter(signal: AbortSignal): Prompter {
  return {
    answer: async (questions) => {
      let answers: Answers = {};
      for (const question of questions) {
        answers = { ...answers, ...(await askUntilValid(question, signal)) };
      }
      return answers;
    },
    confirm: async (question) => !/^n/i.test(await askLine(`${question} [Y/n] `, signal)),
  };
}

async function askUntilValid({ answer, ask, choices }: Question, signal: AbortSignal) {
  const { value } = ANSWERS[answer];
  const hint = choices ? choices.join(', ') : value;
  for (;;) {
    const text = await askLine(`${ask} (${hint}) `, signal);
    try {
      if (text !== '') return await readAnswers({ [answer]: text });
    } catch (error) {
      process.stderr.write(`${messageOf(error)}\n`);
    }
  }
}

/** Asks a question and returns the answer in one line. */
export async function askLine(question: string, signal: AbortSignal): Promise<string> {
  // Standard output is reserved for the result.
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question, { signal })).trim();
  } finally {
    terminal.close();
  }
}

/** Non-interactive mode: rejects with every open question and the flag that answers it. */
export function refuseQuestions(
  path: string,
  command = `vidette models add ${path}`,
): Prompter['answer'] {
  return (questions) => Promise.reject(openQuestions(path, command, questions));
}

function openQuestions(path: string, command: string, questions: readonly Question[]): AppError {
  const lines = questions.map(({ answer, ask, choices }) => {
    const { flag, value } = ANSWERS[answer];
    return `  ${flag} ${choices ? choices.join('|') : value}: ${ask}`;
  });
  return new AppError(
    'INVALID_INPUT',
    [
      `More information about ${path} is needed. Add the model once with these flags:`,
      `  ${command} ...`,
      ...lines,
    ].join('\n'),
  );
}

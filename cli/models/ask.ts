import { createInterface } from 'node:readline/promises';
import { AppError, messageOf } from '../../domain/errors.js';
import type { Answers, Question } from '../../models/recognise/index.js';
import { ANSWERS, readAnswers } from './answers.js';

/** Asks a person in a terminal; nothing where there is none. */
export interface Asker {
  readonly answer: (questions: readonly Question[]) => Promise<Answers>;
  /** Whether a person agrees. */
  readonly confirm: (question: string) => Promise<boolean>;
}

/** Asks on the terminal, each question until its answer can be read. */
export function createTerminalAsker(signal: AbortSignal): Asker {
  return {
    answer: async (questions) => {
      let answers: Answers = {};
      for (const question of questions) {
        answers = { ...answers, ...(await askUntilRead(question, signal)) };
      }
      return answers;
    },
    confirm: async (question) => !/^n/i.test(await askLine(`${question} [Y/n] `, signal)),
  };
}

async function askUntilRead({ answer, ask, choices }: Question, signal: AbortSignal) {
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

async function askLine(question: string, signal: AbortSignal): Promise<string> {
  // Standard output is for the result.
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question, { signal })).trim();
  } finally {
    terminal.close();
  }
}

/** For where nobody can be asked: an error with each open question and the flag that answers it. */
export function refuseQuestions(path: string): Asker['answer'] {
  return (questions) => Promise.reject(openQuestions(path, questions));
}

function openQuestions(path: string, questions: readonly Question[]): AppError {
  const lines = questions.map(({ answer, ask, choices }) => {
    const { flag, value } = ANSWERS[answer];
    return `  ${flag} ${choices ? choices.join('|') : value}: ${ask}`;
  });
  return new AppError(
    'INVALID_INPUT',
    [
      `${path} does not tell all that is needed. Say it once, and the model is known by its file from then on:`,
      `  vidette models add ${path} ...`,
      ...lines,
    ].join('\n'),
  );
}

import { AppError } from '../../domain/errors.js';
import { isModelUri } from '../../domain/model/model-spec.js';
import type { Answers } from '../../models/recognise/index.js';
import { addExamples, type DefineCommand } from '../command.js';
import { acceptAgplOption, type ConsentFlags } from '../consent.js';
import { addAnswerOptions } from '../models/answer-options.js';
import { ANSWER_KEYS, ANSWERS, readAnswers } from '../models/answers.js';

type PullFlags = ConsentFlags & Readonly<Partial<Record<keyof Answers, string>>>;

export const definePull: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'models pull yolov8n', 'models pull models:/fish@champion')
    .addOption(acceptAgplOption())
    .action(async (name: string | undefined, flags: PullFlags) => {
      const app = await createApp(flags);
      const answers = await readAnswers(flags);
      if (name !== undefined && isModelUri(name)) {
        const { runMirror } = await import('../models/run-mirror.js');
        return runMirror(app, name, answers);
      }
      expectNoAnswers(answers);
      const { runPull } = await import('../models/run-catalogue.js');
      await runPull(app, name);
    });
  addAnswerOptions(command);
};

function expectNoAnswers(answers: Answers): void {
  const [key] = ANSWER_KEYS.filter((each) => answers[each] !== undefined);
  if (key === undefined) return;
  throw new AppError(
    'INVALID_INPUT',
    `${ANSWERS[key].flag} applies only to a model of MLflow: vidette models pull models:/NAME/latest`,
  );
}

export const defineList: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'models list --json').action(async () => {
    const { runList } = await import('../models/run-catalogue.js');
    await runList(await createApp());
  });
};

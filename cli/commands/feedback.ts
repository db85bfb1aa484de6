import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { AppError } from '../../domain/errors.js';
import { listProblems } from '../../domain/schema-problems.js';
import type { CorrectedObject, FrameFeedback, VidetteClient } from '../../client/index.js';
import { addExamples, type DefineCommand, withServers } from '../command.js';
import { formatTable, formatTime } from '../format.js';

const PAGE = 100;

const objectsSchema = z
  .array(
    z.strictObject({
      class: z.string().min(1).max(200),
      box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
    }),
  )
  .max(1000);

interface FeedbackFlags {
  readonly objects?: string;
  readonly comment?: string;
  readonly by?: string;
}

const EXAMPLES = [
  'feedback cars-0f3a2b1c9d8e-5d1f0c7a9b3e',
  'feedback cars-0f3a2b1c9d8e-5d1f0c7a9b3e 35 --objects frame-35.json --by ann',
];

export const defineFeedback: DefineCommand = (command, { createApp }) => {
  addExamples(command, ...EXAMPLES)
    .option(
      '--objects <file>',
      'JSON list of all correct objects of the frame; "-" reads standard input',
    )
    .option('--comment <text>', 'comment')
    .option('--by <name>', 'person who gives the feedback; replaces their earlier one')
    .action(async (id: string, frame: string | undefined, flags: FeedbackFlags) => {
      const app = await createApp();
      if (frame === undefined) {
        const feedback = await withServers(app, ({ client }) => listAll(client, id));
        app.out.result(feedback, formatFeedback(feedback));
        return;
      }
      const { objects: file, ...given } = flags;
      const correction = { ...given, frame_id: toFrame(frame), objects: await readObjects(file) };
      const stored = await withServers(app, ({ client }) =>
        client.addFrameFeedback(id, correction),
      );
      app.out.result(stored, `Stored ${correction.objects.length} objects of frame ${frame}.`);
      if (stored.new_classes.length > 0) {
        app.out.note(`Classes that the model does not have: ${stored.new_classes.join(', ')}`);
      }
    });
};

function toFrame(frame: string): number {
  if (/^\d{1,15}$/.test(frame)) return Number(frame);
  throw new AppError('INVALID_INPUT', `Expected the index of a frame, received "${frame}".`);
}

/** @throws AppError `INVALID_INPUT` that names the file and what is wrong in it. */
export async function readObjects(file: string | undefined): Promise<readonly CorrectedObject[]> {
  if (file === undefined) {
    throw new AppError(
      'INVALID_INPUT',
      'Expected the objects of the frame: --objects FILE with [{"class": "dog", "box": [x1, y1, x2, y2]}], or [] for none.',
    );
  }
  const content = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
  const parsed = objectsSchema.safeParse(parseJson(content, file));
  if (parsed.success) return parsed.data;
  throw new AppError(
    'INVALID_INPUT',
    `Invalid objects in ${file}: ${listProblems(parsed.error).join('; ')}`,
  );
}

function parseJson(content: string, file: string): unknown {
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw new AppError('INVALID_INPUT', `${file} is not JSON.`, {}, { cause });
  }
}

/** Reads all pages of the feedback on a job. */
async function listAll(client: VidetteClient, id: string): Promise<readonly FrameFeedback[]> {
  const all: FrameFeedback[] = [];
  for (let cursor: string | undefined; ;) {
    const { feedback, next } = await client.frameFeedback(id, { limit: PAGE, cursor });
    all.push(...feedback);
    if (next === null) return all;
    cursor = next;
  }
}

function formatFeedback(feedback: readonly FrameFeedback[]): string {
  if (feedback.length === 0) return 'No feedback on frames of this job.';
  const rows = feedback.map(({ frame_id, objects, by, time, comment = '' }) => [
    String(frame_id),
    objects.map((object) => object.class).join(', ') || 'none',
    by ?? '',
    formatTime(time.toISOString()),
    comment,
  ]);
  return formatTable([['FRAME', 'OBJECTS', 'BY', 'TIME', 'COMMENT'], ...rows]);
}

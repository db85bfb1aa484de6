import { z } from 'zod';
import { described } from '../../domain/described.js';
import { ID } from '../../domain/names.js';
import type { Bbox } from '../../domain/result/detection.js';
import { PREDICTION_ID } from '../../domain/result/prediction-log.js';
import { boxSchema, count, EXAMPLE, next, time } from './common.js';
import { correctedObject } from './image-schemas.js';

const className = z.string().min(1).max(200);
/** Maximum number of objects in a correction. */
const OBJECTS_MAX = 1000;

export const predictionIdParameter = z
  .string()
  .regex(PREDICTION_ID, 'expected the id of a prediction');

const objectCorrection = z
  .strictObject({
    class: described(className, 'Class of the object.', 'person'),
    box: boxSchema
      .transform(([xMin, yMin, xMax, yMax]): Bbox => [xMin!, yMin!, xMax!, yMax!]) // it has four
      .refine(([xMin, yMin, xMax, yMax]) => xMin < xMax && yMin < yMax, {
        error: 'expected x1 < x2 and y1 < y2',
      }),
  })
  .meta({ id: 'ObjectCorrection', description: 'Correct object.' });

const eventId = described(z.string().regex(ID), 'Id of the job.', EXAMPLE.event);
const frameId = count('Index of the frame in the source.', 35);

export const feedbackBody = z
  .strictObject({
    prediction_id: described(
      predictionIdParameter.optional(),
      'Id of the prediction of an image.',
      EXAMPLE.prediction,
    ),
    event_id: described(eventId.optional(), 'Id of the job of a frame.', EXAMPLE.event),
    frame_id: described(frameId.optional(), 'Index of the frame in the source.', 35),
    class: described(className.optional(), 'Correct class of an image.', 'dog'),
    box: described(boxSchema.optional(), 'Correct box.', [412, 96, 508, 301]),
    objects: described(
      z.array(objectCorrection).max(OBJECTS_MAX).optional(),
      'Complete list of correct objects, replacing the predicted ones; [] for none. Required for a frame.',
    ),
    comment: described(z.string().min(1).max(2000).optional(), 'Comment.', 'It is a fox.'),
  })
  .superRefine((body, issues) => {
    const isFrame = body.event_id !== undefined || body.frame_id !== undefined;
    if (isFrame === (body.prediction_id !== undefined)) {
      issues.addIssue('expected either a prediction_id, or an event_id and a frame_id');
    } else if (isFrame) {
      const { event_id, frame_id, objects } = body;
      const isComplete = event_id !== undefined && frame_id !== undefined && objects !== undefined;
      if (isComplete && body.class === undefined && body.box === undefined) return;
      issues.addIssue('a frame requires event_id, frame_id and objects, and takes no class or box');
    } else if (!(body.class ?? body.box ?? body.objects ?? body.comment)) {
      issues.addIssue('expected a class, a box, objects or a comment');
    }
  })
  .meta({
    id: 'FeedbackRequest',
    description:
      'For the prediction of an image: a class, a box, objects or a comment. For a frame of a job: its objects.',
  });

export const predictionFeedbackStored = z
  .object({ prediction_id: described(z.string(), 'Id of the prediction.', EXAMPLE.prediction) })
  .meta({ id: 'FeedbackStored', description: 'The feedback is stored.' });

export const frameFeedbackStored = z
  .object({
    event_id: eventId,
    frame_id: frameId,
    new_classes: described(
      z.array(z.string()).readonly(),
      'Classes of the objects that the model of the job does not have.',
      ['fox'],
    ),
  })
  .meta({ id: 'FrameFeedbackStored', description: 'The feedback on a frame is stored.' });

export const frameFeedbackPage = z
  .object({
    feedback: described(
      z.array(
        z
          .object({
            event_id: eventId,
            frame_id: frameId,
            objects: described(
              z.array(correctedObject).readonly(),
              'Complete list of correct objects.',
            ),
            comment: described(z.string().optional(), 'Comment of the person.', 'It is a fox.'),
            by: described(
              z.string().nullable(),
              'Name of the API key that sent it; null without keys.',
              'reviewer-1',
            ),
            time: time('Time of the feedback.'),
          })
          .meta({ id: 'FrameFeedback', description: 'Feedback of a person on a frame.' }),
      ),
      'The latest feedback of each person, by frame.',
    ),
    next,
  })
  .meta({ id: 'FrameFeedbackPage', description: 'Page of the feedback on a job.' });

import { z } from 'zod';
import { described } from '../../domain/described.js';

/** Ids of examples. */
export const EXAMPLE = {
  video: 'street-5a0c33de9f21',
  event: 'street-5a0c33de9f21-8bed849eba57',
  batch: 'batch-8bed849eba57',
  scenario: '5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c',
  prediction: '665f1c2e9b1e8a0012345678',
  sha256: '9f2c5b1e0d7a4c3b8e6f1a2d5c4b3e0f9a8d7c6b5e4f3a2b1c0d9e8f7a6b5c4d',
  time: '2026-05-04T09:30:00.000Z',
} as const;

/** Non-negative whole number. */
export const count = (description: string, example: number) =>
  described(z.int().min(0), description, example);

/** Time in ISO 8601, UTC. */
export const time = (description: string) => described(z.iso.datetime(), description, EXAMPLE.time);

/** Non-negative number of seconds. */
export const seconds = (description: string, example: number) =>
  described(z.number().min(0), description, example);

/** Query parameters of a list. */
export const pageQuery = (cursor: z.ZodString = z.string().max(4096)) =>
  z.object({
    limit: described(
      z.coerce.number().int().min(1).max(100).default(20),
      'Maximum number of entries in the page.',
      20,
    ),
    cursor: described(
      cursor.optional(),
      'The `next` of the page before; without it, the first page.',
    ),
  });

/** Cursor of the next page. */
export const next = described(
  z.string().nullable(),
  'The `cursor` of the next page; null on the last page.',
  null,
);

const memberSchema = z
  .object({
    name: described(z.string(), 'Name of the model.', 'yolox_nano'),
    version: described(z.int().min(1), 'Version of the model.', 1),
    sha256: described(z.string(), 'SHA-256 of the ONNX file, in hex.', EXAMPLE.sha256),
    weight: described(z.number(), 'Influence of the model, relative to the others.', 1),
  })
  .meta({ id: 'EnsembleMember', description: 'Model whose results an ensemble combines.' });

/** Version of a model that a job or a prediction used. */
export const modelSchema = z
  .object({
    name: described(z.string(), 'Name of the model.', 'yolox_nano'),
    version: described(z.int().min(1), 'Version of the model.', 1),
    sha256: described(
      z.string(),
      'SHA-256 of the ONNX file, or of the definition of an ensemble, in hex.',
      EXAMPLE.sha256,
    ),
    members: described(
      z.array(memberSchema).readonly().optional(),
      'Models that an ensemble combines; absent for other models.',
    ),
  })
  .meta({ id: 'ModelRef', description: 'Version of a model.' });

/** Box of an object. */
export const boxSchema = described(
  z.array(z.number()).length(4),
  'x1, y1, x2, y2 in pixels of the displayed image.',
  [412, 96, 508, 301],
);

export const className = described(z.string(), 'Class of the object.', 'person');

/** Detected object. */
export const objectSchema = z
  .object({
    class: className,
    box: boxSchema.readonly(),
    conf: described(z.number().min(0).max(1), 'Confidence, 0 to 1.', 0.87),
  })
  .meta({ id: 'DetectedObject', description: 'Object in a frame or an image.' });

/** Object of a frame of a job, which may have a track. */
export const rowObjectSchema = objectSchema
  .extend({
    track_id: described(
      z.int().min(1).optional(),
      'Id of its track, in a job with `tracking`; absent for an object without one.',
      3,
    ),
  })
  .meta({ id: 'RowObject', description: 'Object in a frame of a job.' });

/** Body of bytes. */
export const binary = (description: string) =>
  z.any().meta({ type: 'string', format: 'binary', description });

/** Response 304 to `If-None-Match`. */
export const unchanged = z.null().describe('The body is the one that the caller has.');

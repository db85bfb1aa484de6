import { z } from 'zod';

/** Waits of every process, in milliseconds. Only tests change them. */
const timingSchema = z.strictObject({
  /** Interval between attempts to reach a server or to load a model. */
  retryMs: z.int().positive().default(5000),
  /** Interval at which the video worker looks for runs that ended outside of their workflow. */
  sweepMs: z.int().positive().default(5000),
  /** Interval at which workers remove copies of videos that no longer exist. */
  sourcesMs: z.int().positive().default(60_000),
  /** Interval at which stream workers remove old rows and clips of cameras. */
  streamsMs: z.int().positive().default(3_600_000),
  /** Interval at which stream workers store the sightings of cameras. */
  sightingsMs: z.int().positive().default(30_000),
  /** Length of the activity that watches a camera; default: until the end of the day. */
  cameraDayMs: z.int().positive().optional(),
  /** Interval between checks whether a scenario waits for the slot of a camera that is away. */
  yieldCheckMs: z.int().positive().default(30_000),
  /** Time for which the API uses an API key or a model version without asking the store again. */
  cacheMs: z.int().positive().default(10_000),
  /** Time after which the API reports a server that has not replied as unavailable. */
  answerMs: z.int().positive().default(8000),
});

/** Value of `VIDETTE_TEST_TIMING`: JSON of the waits to change, `{"sweepMs":500}`. */
export const timingVariable = z
  .string()
  .default('{}')
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue('expected JSON');
      return z.NEVER;
    }
  })
  .pipe(timingSchema);

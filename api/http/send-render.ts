import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { RenderState } from '../../client/index.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { flag } from '../schemas/flag.js';
import { sendObject } from './send-object.js';

/** The longest that an answer is waited for, in milliseconds. */
const WAIT_MS = 60_000;
const RETRY_AFTER_S = 2;

/** Whether the answer is waited for, up to a minute, while a video is made. */
export const waitQuery = z.object({ wait: flag });

/** The answer for a video that is being made. */
export const renderingSchema = z
  .object({ state: z.literal('making'), frames_done: z.int(), frames_total: z.int() })
  .describe('The video is being made; ask again');

/** The answer to the cancelling of one. */
export const cancellingSchema = z.object({
  /** Whether one was being made; it ends within seconds. */
  cancelling: z.boolean(),
});

/** How long a request waits for a video. */
export function waitOptions({ wait }: z.infer<typeof waitQuery>) {
  return { timeoutMs: wait ? WAIT_MS : 0 };
}

/** Streams a video that is there; 202 with how far it is, and when to ask again, while it is made. */
export async function sendRender(
  request: FastifyRequest,
  reply: FastifyReply,
  objects: ObjectStore,
  video: RenderState,
): Promise<FastifyReply> {
  if (video.state === 'ready') return sendObject(request, reply, objects, video);
  const { state, frames_done, frames_total } = video;
  void reply.code(202).headers({ location: request.url, 'retry-after': RETRY_AFTER_S });
  return reply.send({ state, frames_done, frames_total });
}

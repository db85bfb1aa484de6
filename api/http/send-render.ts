import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { RenderState } from '../../client/index.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { described } from '../../domain/described.js';
import { binary, count, unchanged } from '../schemas/common.js';
import { flag } from '../schemas/flag.js';
import { problems } from '../schemas/problem-schema.js';
import { sendObject, type SentObject } from './send-object.js';

/** Maximum time that a request waits for a video, in milliseconds. */
const WAIT_MS = 60_000;
const RETRY_AFTER_S = 2;

/** Query parameters of a rendered video. */
export const waitQuery = z.object({
  wait: flag('Whether the request waits for the video, for up to a minute.'),
});

const videoResponse = (description: string, format: string) => ({
  description,
  content: { 'video/mp4': { schema: binary(format) } },
});

/** Response while a video is being rendered. */
export const renderSchema = z
  .object({
    state: described(z.literal('making'), 'The video is being rendered.'),
    frames_done: count('Rendered frames.', 120),
    frames_total: count('Frames of the video.', 795),
  })
  .meta({ id: 'Render', description: 'The video is being rendered; retry later.' });

/** Responses with a rendered video or a range of it; `format` names its container. */
export const renderResponses = (description: string, format: string) => ({
  200: videoResponse(description, format),
  202: renderSchema,
  206: videoResponse('A range of its bytes', format),
  304: unchanged,
  ...problems(404, 413, 416, 422),
});

/** Response to the cancellation of a render. */
export const cancellingSchema = z
  .object({
    cancelling: described(z.boolean(), 'Whether a render was in progress; it ends within seconds.'),
  })
  .meta({ id: 'RenderCancelled', description: 'Cancellation of a render.' });

/** Options of a request for a rendered video; HEAD changes nothing, so it starts no render. */
export function renderOptions(
  { method }: Pick<FastifyRequest, 'method'>,
  { wait }: z.infer<typeof waitQuery>,
) {
  return { timeoutMs: wait ? WAIT_MS : 0, start: method !== 'HEAD' };
}

/** Streams a rendered video; responds 202 with the progress while it is being rendered. */
export async function sendRender(
  request: FastifyRequest,
  reply: FastifyReply,
  objects: ObjectStore,
  video: RenderState & Pick<SentObject, 'isImmutable'>,
): Promise<FastifyReply> {
  if (video.state === 'ready') return sendObject(request, reply, objects, video);
  const { state, frames_done, frames_total } = video;
  void reply.code(202).headers({ location: request.url, 'retry-after': RETRY_AFTER_S });
  return reply.send({ state, frames_done, frames_total });
}

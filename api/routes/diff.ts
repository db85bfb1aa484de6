import type { DiffLine, DiffSummary } from '../../client/index.js';
import type { ApiContext } from '../context.js';
import type { ApiServer } from '../http/api-server.js';
import { diffVtt } from '../../domain/result/diff/diff-vtt.js';
import { abortOnClose } from '../http/abort-on-close.js';
import { sendJsonLines, sendText } from '../http/event-stream.js';
import { diffQuery, diffResponse } from '../schemas/diff-schemas.js';
import { problems } from '../schemas/problem-schema.js';
import { statResult } from './results.js';

const VTT = 'text/vtt; charset=utf-8';

/** Route for the difference between two results of one video. */
export function diffRoutes(server: ApiServer, { services }: ApiContext): void {
  server.get(
    '/api/v1/diff',
    {
      config: { scope: 'read' },
      // A HEAD request would read both results.
      exposeHeadRoute: false,
      schema: {
        tags: ['jobs'],
        operationId: 'diffJobs',
        summary: 'Differences between the results of two jobs of one video, as JSON lines',
        description:
          'Objects are paired by the overlap of their boxes (IoU of at least 0.5), those of the same class first. The last line is the summary; without it, the stream was cut off.',
        querystring: diffQuery,
        response: { 200: diffResponse, ...problems(404, 409) },
      },
    },
    async ({ query }, reply) => {
      const { a, b, conf_a: confA, conf_b: confB, only_different: onlyDifferent } = query;
      const { client, objects } = services();
      for (const eventId of [a, b]) await statResult(client, objects, eventId);
      const options = { confA, confB, onlyDifferent, signal: abortOnClose(reply) };
      const lines = await client.diff(a, b, options);
      if (query.format === 'summary') return reply.send(await readSummary(lines));
      if (query.format === 'vtt') return sendText(reply, () => diffVtt(lines), VTT);
      return sendJsonLines(reply, () => lines);
    },
  );
}

async function readSummary(lines: AsyncIterable<DiffLine>): Promise<DiffSummary> {
  for await (const line of lines) if (line.type === 'summary') return line;
  throw new Error('A diff ended without its summary.');
}

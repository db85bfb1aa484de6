import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { WebhookMessage } from '../../domain/job/webhook.js';

/** A received message. */
export interface ReceivedMessage {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A status, a URL to redirect to, or no response. */
export type ReceiverAnswer = number | { readonly redirect: string } | 'none';

export interface ReceiverOptions {
  /** Responses to the first messages; all others get a 204. */
  readonly answers?: readonly ReceiverAnswer[];
  /** Port to listen on; a free one by default. */
  readonly port?: number;
}

/** A receiver of webhooks on loopback. */
export async function startReceiver({ answers = [], port = 0 }: ReceiverOptions = {}) {
  const messages: ReceivedMessage[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      messages.push({ path: request.url ?? '', headers: request.headers, body });
      answer(response, answers[messages.length - 1] ?? 204);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo; // it listens on TCP
  return {
    url: `http://127.0.0.1:${address.port}/hook`,
    messages,
    bodies: () => messages.map(({ body }) => JSON.parse(body) as WebhookMessage),
    received: async (count: number) => {
      while (messages.length < count) await new Promise((resolve) => setTimeout(resolve, 50));
    },
    close: () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections(); // including those without a response
      return closed;
    },
  };
}

export type TestReceiver = Awaited<ReturnType<typeof startReceiver>>;

function answer(response: ServerResponse, given: ReceiverAnswer): void {
  if (given === 'none') return;
  if (typeof given === 'number') response.writeHead(given).end();
  else response.writeHead(302, { location: given.redirect }).end();
}

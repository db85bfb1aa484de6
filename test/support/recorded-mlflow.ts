import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';

/** A response of a real server, by `test/record/mlflow.record.ts`. */
export interface RecordedAnswer {
  readonly status: number;
  readonly type: string | null;
  /** In base64. */
  readonly body: string;
}

/** Responses by path and query. */
export type Recording = Readonly<Record<string, RecordedAnswer>>;

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that replays recorded answers, except those that a test replaces. */
export interface RecordedMlflow {
  readonly uri: string;
  /** Paths and queries of all requests. */
  readonly asked: readonly string[];
  /** Answers requests whose path and query contain `part`. */
  replace(part: string, handler: Handler): void;
  close(): Promise<void>;
}

/** Files of the recordings, by major version. */
export const RECORDINGS = {
  2: new URL('../fixtures/mlflow/2.22.5.json', import.meta.url),
  3: new URL('../fixtures/mlflow/3.17.2.json', import.meta.url),
} as const;

/** Starts the server on a free port of loopback. */
export async function startRecordedMlflow(major: 2 | 3 = 3): Promise<RecordedMlflow> {
  const recording = JSON.parse(readFileSync(RECORDINGS[major], 'utf8')) as Recording; // by the recorder
  const asked: string[] = [];
  const replaced: [string, Handler][] = [];
  const server = createServer((request, response) => {
    const { url = '' } = request;
    asked.push(url);
    const handler = replaced.findLast(([part]) => url.includes(part))?.[1];
    if (handler) return handler(request, response);
    const answer = recording[url];
    if (!answer) return response.writeHead(599).end(`not recorded: ${url}`);
    const body = Buffer.from(answer.body, 'base64');
    response.writeHead(answer.status, {
      ...(answer.type !== null && { 'content-type': answer.type }),
      'content-length': body.length,
    });
    return response.end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // it listens on a port
    asked,
    replace: (part, handler) => replaced.push([part, handler]),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

import type { ClientRequest, IncomingMessage } from 'node:http';
import http from 'node:http';
import https from 'node:https';
import type { ClientOptions } from 'minio';

type Transport = NonNullable<ClientOptions['transport']>;
type OnResponse = (response: IncomingMessage) => void;

/** A store that puts a large object together may be silent for longer than one that is asked. */
const WRITES_TAKE = 6;
const READS = new Set(['GET', 'HEAD', 'DELETE']);

/**
 * Sends requests that fail with `ETIMEDOUT` when the store says and takes nothing for `silenceMs`,
 * or six times as long where it has to write. An answer that nobody reads on may wait for ever.
 */
export function idleTimeoutTransport(useSSL: boolean, silenceMs: number): Transport {
  const { request } = useSSL ? https : http;
  const send = (options: https.RequestOptions, onResponse?: OnResponse): ClientRequest => {
    const limitMs = READS.has(options.method ?? 'GET') ? silenceMs : WRITES_TAKE * silenceMs;
    const sent = request({ ...options, timeout: limitMs }, onResponse);
    let response: IncomingMessage | undefined;
    sent.once('response', (begun: IncomingMessage) => (response = begun));
    sent.on('timeout', () => {
      const isReadOn = response === undefined || response.readableLength === 0;
      if (isReadOn) (response ?? sent).destroy(silent(limitMs));
    });
    return sent;
  };
  return { request: send as Transport['request'] }; // the package calls it in this one form
}

function silent(limitMs: number): Error {
  return Object.assign(new Error(`The store was silent for ${limitMs} ms`), { code: 'ETIMEDOUT' });
}

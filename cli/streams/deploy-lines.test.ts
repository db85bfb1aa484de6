import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { DeployedStream } from '../../client/index.js';
import { AppError } from '../../domain/errors.js';
import { serverUnavailable } from '../../domain/server-unavailable.js';
import { deployLines } from './deploy-lines.js';

const { signal } = new AbortController();
type Deploy = (message: unknown) => Promise<DeployedStream>;

async function run(lines: readonly string[], deploy: Deploy) {
  const waits: unknown[] = [];
  const options = { signal, onWait: (error: AppError) => waits.push(error.code), retryMs: 1 };
  const results: unknown[] = [];
  for await (const each of deployLines({ deploy }, Readable.from(lines), options)) {
    results.push('error' in each ? [each.line, (each.error as AppError).code] : each.line);
  }
  return { results, waits };
}

const accept: Deploy = () => Promise.resolve({} as DeployedStream);

describe('deployLines', () => {
  it('deploys each message in order', async () => {
    const messages: unknown[] = [];
    const deploy: Deploy = (message) => {
      messages.push(message);
      return accept(message);
    };
    const { results } = await run(['{"a":1}', '', '{"a":2}'], deploy);
    expect(results).toEqual([1, 3]);
    expect(messages).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it('reports a wrong message with its line, and continues', async () => {
    const deploy: Deploy = (message) =>
      message === 0 ? Promise.reject(new AppError('SCENARIO_EXISTS', 'exists')) : accept(message);
    const { results } = await run(['not JSON', '0', '1'], deploy);
    expect(results).toEqual([[1, 'INVALID_INPUT'], [2, 'SCENARIO_EXISTS'], 3]);
  });

  it('does not show the text of a wrong message', async () => {
    const lines = Readable.from(['{"camera_url": "rtsp://a:planted-secret@b']);
    for await (const each of deployLines({ deploy: accept }, lines, { signal, onWait: () => {} })) {
      expect(String('error' in each && each.error)).not.toContain('planted-secret');
    }
  });

  it('deploys a message again after a server was unavailable', async () => {
    let failures = 2;
    const unavailable = serverUnavailable('Temporal', {}, new Error('14'));
    const deploy: Deploy = (message) =>
      failures-- > 0 ? Promise.reject(unavailable) : accept(message);
    const { results, waits } = await run(['1', '2'], deploy);
    expect(results).toEqual([1, 2]);
    expect(waits).toEqual(['SERVER_UNAVAILABLE', 'SERVER_UNAVAILABLE']);
  });
});

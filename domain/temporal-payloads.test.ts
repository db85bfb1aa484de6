import { describe, expect, it } from 'vitest';
import { encryptsPayloads, readInput, readPayloads } from './temporal-payloads.js';

/** A codec that strips its mark from the end of each payload. */
const codec = (mark: string) => ({
  decode: (payloads: string[]) =>
    Promise.resolve(payloads.map((payload) => payload.replace(new RegExp(`${mark}$`), ''))),
});
const clientWith = (...payloadCodecs: ReturnType<typeof codec>[]) => ({
  options: {
    loadedDataConverter: {
      payloadCodecs,
      payloadConverter: { fromPayload: (payload: string): unknown => JSON.parse(payload) },
    },
  },
});

describe('readPayloads', () => {
  it('undoes the codecs in reverse order, then parses', async () => {
    const client = clientWith(codec('a'), codec('b'));
    expect(await readPayloads(client, ['1ab', '"x"ab'])).toEqual([1, 'x']);
  });

  it('parses the payloads of a client without codecs', async () => {
    expect(await readPayloads(clientWith(), ['1'])).toEqual([1]);
  });
});

it('encryptsPayloads reports whether the client has a codec', () => {
  expect(encryptsPayloads(clientWith(codec('a')))).toBe(true);
  expect(encryptsPayloads(clientWith())).toBe(false);
});

describe('readInput', () => {
  /** A client with a history that begins with the given arguments of a workflow. */
  const withHistory = (payloads: string[] | undefined, decode = codec('a')) => {
    const requests: unknown[] = [];
    const { options } = clientWith(decode);
    const started = {
      workflowExecutionStartedEventAttributes: { input: payloads && { payloads } },
    };
    const getWorkflowExecutionHistory = (request: unknown) => {
      requests.push(request);
      return Promise.resolve({ history: { events: [started] } });
    };
    const workflowService = { getWorkflowExecutionHistory };
    return { requests, client: { options: { ...options, namespace: 'n' }, workflowService } };
  };
  const execution = { workflowId: 'w', runId: 'r' };

  it('returns the decoded first argument, and requests one event', async () => {
    const { client, requests } = withHistory(['1a', '2a']);
    expect(await readInput(client, execution)).toBe(1);
    expect(requests).toEqual([{ namespace: 'n', execution, maximumPageSize: 1 }]);
  });

  it('returns undefined for a workflow without arguments, and for an unknown key', async () => {
    expect(await readInput(withHistory(undefined).client, execution)).toBeUndefined();
    const decode = () => Promise.reject(new Error('unknown key'));
    expect(await readInput(withHistory(['1a'], { decode }).client, execution)).toBeUndefined();
  });
});

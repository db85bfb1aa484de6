import { readFileSync } from 'node:fs';
import { Agent, fetch, type RequestInit, type Response } from 'undici';
import type { z } from 'zod';
import { AppError, messageOf } from '../../domain/errors.js';
import { refusalOf, unreachable } from './refusals.js';

/** Connection to a tracking server with a registry. */
export interface MlflowSettings {
  /** URL without a slash at its end. */
  readonly uri: string;
  readonly username?: string;
  readonly password?: string;
  /** Bearer token; used if there is no user name. */
  readonly token?: string;
  /** PEM file of the certificate authorities to trust; default: those of the system. */
  readonly caFile?: string;
}

export type Query = Readonly<Record<string, string>>;
type Headers = Readonly<Record<string, string>>;

export interface OpenOptions {
  /** First byte to send. */
  readonly offset?: number;
  readonly signal?: AbortSignal;
}

/** Sends requests to one MLflow server and nowhere else: redirects are refused. */
export interface MlflowClient {
  /** Name of the server in messages. */
  readonly server: string;
  /** Calls the REST API. @throws AppError for a refusal, with MLflow's status and code as facts. */
  readonly call: <T>(path: string, query: Query, schema: z.ZodType<T>) => Promise<T>;
  /** Posts JSON to the REST API. Throws as `call` does. */
  readonly post: <T>(path: string, body: object, schema: z.ZodType<T>) => Promise<T>;
  /** Removes what JSON names. Throws as `call` does. */
  readonly delete: (path: string, body: object) => Promise<void>;
  /** Uploads a file. Throws as `call` does. */
  readonly put: (path: string, content: Blob) => Promise<void>;
  /** Reads a small text. @throws AppError as `call` does. */
  readonly text: (path: string, query?: Query) => Promise<string>;
  /** Opens the content of a large file; its body has no time limit while bytes arrive. */
  readonly open: (path: string, query: Query, options?: OpenOptions) => Promise<Response>;
  readonly close: () => Promise<void>;
}

/** Time limit of an answer of the REST API. */
const ANSWER_MS = 30_000;
/** Time until a file begins: the server first copies it from its own store. */
const FILE_BEGINS_MS = 600_000;
/** Time without a byte after which a response fails. */
const IDLE_MS = 60_000;
const TEXT_MAX_BYTES = 8 * 1024 ** 2;

/** Creates a client. @throws AppError `INVALID_INPUT` if the file of authorities cannot be read. */
export function createMlflowClient(settings: MlflowSettings): MlflowClient {
  const server = `MLflow at ${settings.uri}`;
  const headers = { ...authorizationOf(settings), 'accept-encoding': 'identity' };
  const connect = settings.caFile === undefined ? {} : { ca: readAuthorities(settings.caFile) };
  // A connection per request: MLflow closes idle ones after 5 s, also while a request arrives.
  const dispatcher = new Agent({
    ...{ connect, pipelining: 0, headersTimeout: FILE_BEGINS_MS, bodyTimeout: IDLE_MS },
  });

  async function send(path: string, query: Query, { offset = 0, signal }: OpenOptions) {
    const range: Headers = offset > 0 ? { range: `bytes=${offset}-` } : {};
    const url = `${path}?${new URLSearchParams(query).toString()}`;
    return request(url, { headers: range, ...(signal && { signal }) });
  }

  async function request(path: string, init: RequestInit & { readonly headers: Headers }) {
    const options = { redirect: 'manual', dispatcher } as const;
    const sent = { ...init, ...options, headers: { ...headers, ...init.headers } };
    const response = await fetch(`${settings.uri}${path}`, sent);
    if (response.ok) return response;
    const text = await readText(response, server);
    const location = response.headers.get('location');
    throw refusalOf(server, { status: response.status, text, location });
  }

  const text: MlflowClient['text'] = async (path, query = {}) => {
    try {
      const response = await send(path, query, { signal: AbortSignal.timeout(ANSWER_MS) });
      return await readText(response, server);
    } catch (error) {
      throw unreachable(server, error);
    }
  };
  const write = async (path: string, init: RequestInit & { readonly headers: Headers }) => {
    try {
      return await readText(await request(path, init), server);
    } catch (error) {
      throw unreachable(server, error);
    }
  };
  const writeJson = (method: 'POST' | 'DELETE', path: string, body: object) => {
    const headers = { 'content-type': 'application/json' };
    const signal = AbortSignal.timeout(ANSWER_MS);
    return write(path, { method, headers, body: JSON.stringify(body), signal });
  };
  return {
    ...{ server, text },
    post: async (path, body, schema) => parse(server, await writeJson('POST', path, body), schema),
    delete: async (path, body) => {
      await writeJson('DELETE', path, body);
    },
    put: async (path, body) => {
      await write(path, { method: 'PUT', headers: {}, body });
    },
    call: async (path, query, schema) => parse(server, await text(path, query), schema),
    open: async (path, query, options = {}) => {
      try {
        return await send(path, query, options);
      } catch (error) {
        options.signal?.throwIfAborted();
        throw unreachable(server, error);
      }
    },
    close: () => dispatcher.destroy(),
  };
}

function authorizationOf({ username, password, token }: MlflowSettings): Headers {
  if (username !== undefined && password !== undefined) {
    const pair = Buffer.from(`${username}:${password}`).toString('base64');
    return { authorization: `Basic ${pair}` };
  }
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

function readAuthorities(caFile: string): Buffer {
  try {
    return readFileSync(caFile);
  } catch (cause) {
    const problem = `MLFLOW_CA_FILE cannot be read: ${messageOf(cause)}`;
    throw new AppError('INVALID_INPUT', problem, {}, { cause });
  }
}

/** Reads the body of a response in chunks. */
export async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array, void> {
  if (body) yield* body as AsyncIterable<Uint8Array>; // a body consists of bytes
}

async function readText(response: Response, server: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(response)) {
    bytes += chunk.length;
    if (bytes > TEXT_MAX_BYTES) {
      const problem = `${server} answered with more than ${TEXT_MAX_BYTES} bytes to a request for a short text.`;
      throw new AppError('LIMIT_EXCEEDED', problem);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse<T>(server: string, text: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError(
      'STACK_NOT_RUNNING',
      `${server} does not answer as MLflow's REST API does. Correct MLFLOW_URI: it is the URL of the tracking server, without /api.`,
      {},
      { cause },
    );
  }
}

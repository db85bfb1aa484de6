import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { createTestCameras } from '../../test/support/rtsp-camera.js';
import type { ReceivedRequest, Reply, TestRtspServer } from '../../test/support/rtsp-server.js';

const cameras = createTestCameras();
afterEach(cameras.closeAll);
/** Requests that open a camera. */
const OPENING = ['DESCRIBE', 'SETUP', 'PLAY'];

/** A server that requires Digest or Basic, and knows the response to expect. */
function requiring(header: string, isRight: (value: string, request: ReceivedRequest) => boolean) {
  return (request: ReceivedRequest): Reply | undefined => {
    const { authorization = '' } = request.headers;
    if (isRight(authorization, request)) return undefined;
    return { status: '401 Unauthorized', headers: [`WWW-Authenticate: ${header}`] };
  };
}

function digestOf(value: string, { method, url }: ReceivedRequest): boolean {
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  const expected = md5(`${md5('admin:cam:p@ss')}:abc:${md5(`${method}:${url}`)}`);
  return value.includes(`response="${expected}"`);
}

describe('the credentials of an RTSP camera', () => {
  const withUser = ({ host }: TestRtspServer, user = 'admin:p@ss') => `rtsp://${user}@${host}/live`;

  it('answer a Digest challenge once, then are sent with each request', async () => {
    const server = await cameras.serve({
      reply: requiring('Digest realm="cam", nonce="abc"', digestOf),
    });
    await cameras.open(withUser(server));
    expect(server.methods()).toEqual(['DESCRIBE', ...OPENING]);
    expect(server.requests[0]!.headers).not.toHaveProperty('authorization');
  });

  it('answer a Basic challenge', async () => {
    const isRight = (value: string) => value === `Basic ${btoa('admin:p@ss')}`;
    const server = await cameras.serve({ reply: requiring('Basic realm="cam"', isRight) });
    await cameras.open(withUser(server));
    expect(server.methods()).toEqual(['DESCRIBE', ...OPENING]);
  });

  it('answer a new nonce during the session', async () => {
    let nonce = 'first';
    const server = await cameras.serve({
      reply: (request) => {
        const { authorization = '' } = request.headers;
        if (authorization.includes(`nonce="${nonce}"`)) return undefined;
        if (request.method === 'SETUP') nonce = 'second';
        const challenge = `WWW-Authenticate: Digest realm="cam", nonce="${nonce}", stale=true`;
        return { status: '401 Unauthorized', headers: [challenge] };
      },
    });
    nonce = 'first';
    await cameras.open(withUser(server));
    expect(server.methods().at(-1)).toBe('PLAY');
  });

  it('are sent once only if they are wrong', async () => {
    const server = await cameras.serve({
      reply: requiring('Digest realm="cam", nonce="abc"', digestOf),
    });
    const failure = cameras.open(withUser(server, 'admin:wrong'));
    await expect(failure).rejects.toMatchObject({ code: 'STREAM_AUTH_FAILED' });
    await expect(failure).rejects.toThrow('rejected the user name or the password (401)');
    expect(server.methods()).toEqual(['DESCRIBE', 'DESCRIBE']);
    await expect.poll(server.connections).toBe(0);
  });

  it('are requested if they are missing', async () => {
    const server = await cameras.serve({ reply: requiring('Basic realm="cam"', () => false) });
    const failure = cameras.open(server.url);
    await expect(failure).rejects.toMatchObject({ code: 'STREAM_AUTH_FAILED' });
    await expect(failure).rejects.toThrow('requires a user name and a password (401)');
  });

  it('are not sent for a scheme that is unknown', async () => {
    const server = await cameras.serve({ reply: requiring('Bearer realm="cam"', () => false) });
    await expect(cameras.open(withUser(server))).rejects.toMatchObject({
      code: 'STREAM_AUTH_FAILED',
    });
    expect(server.methods()).toEqual(['DESCRIBE']);
  });
});

import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { interleaved } from './rtp-packets.js';

/** A request that the server received. */
export interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A response, or `none`; `hasId` is whether it repeats the CSeq of the request. */
export type Reply =
  | {
      readonly status?: string;
      readonly headers?: readonly string[];
      readonly body?: string;
      readonly hasId?: boolean;
    }
  | 'none';

export interface RtspServerOptions {
  readonly sdp?: string;
  /** Replaces a response, whose default is that of a camera without credentials. */
  readonly reply?: (request: ReceivedRequest, count: number) => Reply | undefined;
  readonly tls?: TlsOptions;
}

export const H264_SDP = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=Test',
  't=0 0',
  'a=control:*',
  'm=audio 0 RTP/AVP 0',
  'a=control:trackID=9',
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'a=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z0IAHg==,aM48gA==',
  'a=control:trackID=1',
  '',
].join('\r\n');

/** A camera on loopback that speaks RTSP; the test sends its packets. */
export async function startRtspServer({ sdp = H264_SDP, reply, tls }: RtspServerOptions = {}) {
  const requests: ReceivedRequest[] = [];
  const sockets = new Set<Socket>();
  const accept = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
      for (let end; (end = text.indexOf('\r\n\r\n')) >= 0; text = text.slice(end + 4)) {
        const request = parseRequest(text.slice(0, end));
        requests.push(request);
        const given = reply?.(request, requests.length) ?? defaultReply(request, sdp);
        if (given !== 'none') socket.write(formatReply(request, given));
      }
    });
  };
  const server = tls ? createTlsServer(tls, accept) : createServer(accept);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server has a port
  const host = `127.0.0.1:${port}`;
  return {
    host,
    url: `${tls ? 'rtsps' : 'rtsp'}://${host}/live`,
    requests,
    methods: () => requests.map(({ method }) => method),
    connections: () => sockets.size,
    /** Sends bytes to every client. */
    sendRaw: (bytes: Buffer | string) => sockets.forEach((socket) => socket.write(bytes)),
    sendRtp: (packet: Buffer) => sockets.forEach((socket) => socket.write(interleaved(0, packet))),
    sendRtcp: (packet: Buffer) => sockets.forEach((socket) => socket.write(interleaved(1, packet))),
    dropClients: () => sockets.forEach((socket) => socket.destroy()),
    close: () => {
      sockets.forEach((socket) => socket.destroy());
      server.close();
    },
  };
}

export type TestRtspServer = Awaited<ReturnType<typeof startRtspServer>>;

function parseRequest(head: string): ReceivedRequest {
  const [start = '', ...lines] = head.split('\r\n');
  const [method = '', url = ''] = start.split(' ');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return { method, url, headers: Object.fromEntries(headers) };
}

function defaultReply({ method, url }: ReceivedRequest, sdp: string): Reply {
  if (method === 'DESCRIBE') return { headers: [`Content-Base: ${url}/`], body: sdp };
  if (method !== 'SETUP') return {};
  const transport = 'Transport: RTP/AVP/TCP;unicast;interleaved=0-1';
  return { headers: [transport, 'Session: 12345678;timeout=60'] };
}

function formatReply({ headers: { cseq = '' } }: ReceivedRequest, reply: Exclude<Reply, 'none'>) {
  const { status = '200 OK', headers = [], body = '', hasId = true } = reply;
  const id = hasId ? [`CSeq: ${cseq}`] : [];
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  return [`RTSP/1.0 ${status}`, ...id, ...headers, ...length, '', body].join('\r\n');
}

import { type Authorize, createAuthorize } from './authorization.js';
import type { CameraUrl } from '../../domain/stream/camera-url.js';
import type { Connection, RequestHeaders } from './connection.js';
import { headerOf, headersOf, type Message } from './message.js';
import {
  type Channels,
  expectShort,
  expectSuccess,
  readChannels,
  readSession,
} from './responses.js';
import { parseVideoTrack, type VideoTrack } from './sdp.js';

/** A session whose video is set up. */
export interface Session {
  readonly track: VideoTrack;
  readonly channels: Channels;
  readonly timeoutS: number;
  /** Starts the video. @throws AppError `STREAM_*`. */
  readonly play: () => Promise<void>;
  /** Sends a request about the whole session. */
  readonly request: (method: string) => Promise<Message>;
}

type Send = (method: string, url: string, headers?: RequestHeaders) => Promise<Message>;

const USER_AGENT = 'Vidette';
const TRANSPORT = 'RTP/AVP/TCP;unicast;interleaved=0-1';

/** Sets up the video of a camera with DESCRIBE and SETUP. @throws AppError `STREAM_*`. */
export async function setUpSession(connection: Connection, url: CameraUrl): Promise<Session> {
  const { shown, requestUrl } = url;
  const send = createSend(connection, url);
  const expect: Send = async (method, target, headers) => {
    const response = await send(method, target, headers);
    expectSuccess(response, { method, shown, hasCredentials: url.credentials !== undefined });
    return response;
  };
  const described = await expect('DESCRIBE', requestUrl, { Accept: 'application/sdp' });
  const track = parseVideoTrack(described.body, shown);
  const base = baseOf(described, requestUrl);
  const setUp = await expect('SETUP', controlUrl(base, track.control), { Transport: TRANSPORT });
  const { id, timeoutS } = readSession(setUp);
  const headers: RequestHeaders = id === undefined ? {} : { Session: id };
  return {
    track,
    channels: readChannels(setUp, shown),
    timeoutS,
    play: async () => {
      await expect('PLAY', base, { ...headers, Range: 'npt=0.000-' });
    },
    request: (method) => send(method, base, headers),
  };
}

/** Answers the challenge of the server once per request: a second 401 means wrong credentials. */
function createSend(connection: Connection, { credentials }: CameraUrl): Send {
  let authorize: Authorize | undefined;
  const sendOnce: Send = (method, url, headers) => {
    const authorization = authorize && { Authorization: authorize(method, url) };
    return connection.request(method, url, {
      'User-Agent': USER_AGENT,
      ...authorization,
      ...headers,
    });
  };
  return async (method, url, headers) => {
    const response = await sendOnce(method, url, headers);
    if (response.status !== 401 || !credentials) return response;
    authorize = createAuthorize(headersOf(response, 'www-authenticate'), credentials);
    return authorize ? sendOnce(method, url, headers) : response;
  };
}

/** URL to which the URLs of an SDP are relative (RFC 2326, C.1.1). */
function baseOf(response: Message, requestUrl: string): string {
  const given = headerOf(response, 'content-base') ?? headerOf(response, 'content-location');
  return given === undefined || !/^rtsps?:/i.test(given) ? requestUrl : expectShort(given);
}

/** Servers expect relative URLs to be appended, even to a query. */
function controlUrl(base: string, control: string | undefined): string {
  if (control === undefined || control === '*') return base;
  const track = expectShort(control);
  if (/^rtsps?:\/\//i.test(track)) return track;
  return base.endsWith('/') ? `${base}${track}` : `${base}/${track}`;
}

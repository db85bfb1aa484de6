import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { encode } from './media-files.js';

/** What a hostile file tries to reach. */
export interface Targets {
  /** Path of a video on this machine that must not be read. */
  readonly secret: string;
  /** Server of this machine that must not be contacted, as `host:port`. */
  readonly address: string;
  /** Intact video to derive files from; its index is at its end. */
  readonly clip: string;
}

/** A file that refers to other files or servers. */
export interface HostileFile {
  readonly name: string;
  readonly make: (path: string, targets: Targets) => Promise<unknown>;
}

const HLS_HEAD = '#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n';
const hls = (segment: string) => `${HLS_HEAD}#EXTINF:10,\n${segment}\n#EXT-X-ENDLIST\n`;

/** Text files, which differ only in their text. */
const TEXTS: Readonly<Record<string, (targets: Targets) => string>> = {
  'an HLS playlist of a local file': ({ secret }) => hls(`file://${secret}`),
  'an HLS playlist of an address': ({ address }) => hls(`http://${address}/segment.ts`),
  'an HLS playlist of playlists': ({ address }) =>
    `${HLS_HEAD}#EXT-X-STREAM-INF:BANDWIDTH=1\nhttp://${address}/list.m3u8\n`,
  'an HLS playlist whose key has an address': ({ address, secret }) =>
    hls(secret).replace('#EXTINF', `#EXT-X-KEY:METHOD=AES-128,URI="http://${address}/key"\n$&`),
  'a DASH manifest': ({ address }) =>
    `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"
      mediaPresentationDuration="PT10S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011">
      <Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1">
      <BaseURL>http://${address}/video.mp4</BaseURL></Representation></AdaptationSet></Period></MPD>`,
  'a list of ffconcat': ({ secret, address }) =>
    `ffconcat version 1.0\nfile '${secret}'\nfile 'http://${address}/video.mp4'\n`,
  'an SDP session': ({ address }) => {
    const [host, port] = address.split(':');
    const session = 'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=none\nt=0 0\n';
    return `${session}c=IN IP4 ${host}\nm=video ${port} TCP/RTP/AVP 96\na=rtpmap:96 H264/90000\n`;
  },
  'SRT subtitles': ({ secret }) => `1\n00:00:00,000 --> 00:00:05,000\n${secret}\n`,
  'ASS subtitles': ({ secret }) =>
    `[Script Info]\nScriptType: v4.00+\n[Events]\nDialogue: 0,0:00:00.00,0:00:05.00,,,${secret}\n`,
};

/** Files in one folder refer to each other by name only, as in a playlist of several files. */
const NEIGHBOUR = 'neighbour.ts';

/** Files without media of their own, by format. */
export const HOSTILE_FILES: readonly HostileFile[] = [
  ...Object.entries(TEXTS).map(([name, textOf]) => ({
    name,
    make: (path: string, targets: Targets) => writeFile(path, textOf(targets)),
  })),
  {
    name: 'an HLS playlist of a file beside it',
    make: async (path, { secret }) => {
      await copyFile(secret, join(dirname(path), NEIGHBOUR));
      await writeFile(path, hls(NEIGHBOUR));
    },
  },
  { name: 'a QuickTime film whose media is in another file', make: withMediaElsewhere },
  {
    name: 'a MagicYUV video',
    make: (path, { clip }) => encode(clip, path, ['-c:v', 'magicyuv', '-f', 'avi']),
  },
];

/** Boxes around the reference to the media, each in the one before it. */
const AROUND_REFERENCE = ['moov', 'trak', 'mdia', 'minf', 'dinf', 'dref'];
/** Bytes of the reference that marks the media as contained in the same file. */
const OWN_REFERENCE_BYTES = 12;

/** Makes a clip refer to the secret file for its media, by a QuickTime alias. */
async function withMediaElsewhere(path: string, { clip, secret }: Targets): Promise<void> {
  const file = await readFile(clip);
  const alias = aliasOf(secret);
  for (const box of AROUND_REFERENCE) {
    const at = file.indexOf(box, file.lastIndexOf('moov')) - 4;
    file.writeUInt32BE(file.readUInt32BE(at) + alias.length - OWN_REFERENCE_BYTES, at);
  }
  const from = file.indexOf('url ', file.lastIndexOf('dref')) - 4;
  const behind = file.subarray(from + OWN_REFERENCE_BYTES);
  await writeFile(path, Buffer.concat([file.subarray(0, from), alias, behind]));
}

/** Length of an alias before its list of names, and the offset of the numbers of levels. */
const ALIAS_HEAD_BYTES = 162;
const ALIAS_LEVELS_AT = 142;
/** Types of list entries: the full path, and the end of the list. */
const [WHOLE_PATH, END] = [2, 0xffff];

/** An alias record of QuickTime as an entry of `dref`. */
function aliasOf(path: string): Buffer {
  const padded = path.length % 2 === 0 ? path : `${path}\0`;
  const head = Buffer.alloc(ALIAS_HEAD_BYTES);
  head.write('alis', 4, 'latin1');
  head.writeUInt16BE(1, ALIAS_LEVELS_AT);
  head.writeUInt16BE(1, ALIAS_LEVELS_AT + 2);
  const names = Buffer.alloc(4);
  names.writeUInt16BE(WHOLE_PATH, 0);
  names.writeUInt16BE(padded.length, 2);
  const end = Buffer.alloc(4);
  end.writeUInt16BE(END, 0);
  const record = Buffer.concat([head, names, Buffer.from(padded, 'latin1'), end]);
  record.writeUInt32BE(record.length, 0);
  return record;
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../domain/errors.js';
import { H264_SDP } from '../../test/support/rtsp-server.js';
import { parseVideoTrack, type VideoTrack } from './sdp.js';

const SHOWN = 'rtsp://cam';
const SESSION = ['v=0', 'o=- 0 0 IN IP4 192.168.1.64', 's=Media', 't=0 0'];

function parseLines(...lines: readonly string[]): VideoTrack {
  return parseVideoTrack([...SESSION, ...lines, ''].join('\r\n'), SHOWN);
}

/** An SDP with one video of a codec and its format parameters. */
function video(codec: string, fmtp: string, ...lines: readonly string[]): VideoTrack {
  const format = [`a=rtpmap:96 ${codec}/90000`, `a=fmtp:96 ${fmtp}`];
  return parseLines('m=video 0 RTP/AVP 96', ...format, ...lines);
}

const typesOf = ({ parameterSets, codec }: VideoTrack) =>
  parameterSets.map((set) => (codec === 'h264' ? set[0]! & 31 : (set[0]! >> 1) & 63));

describe('parseVideoTrack', () => {
  it('reads the video beside an audio', () => {
    expect(parseVideoTrack(H264_SDP, SHOWN)).toEqual({
      codec: 'h264',
      payloadType: 96,
      clockRate: 90_000,
      control: 'trackID=1',
      parameterSets: [Buffer.from('Z0IAHg==', 'base64'), Buffer.from('aM48gA==', 'base64')],
      frameRate: undefined,
    });
  });

  // The shapes in which makers of cameras and servers write the same facts.
  it.each([
    [
      'spaces after semicolons',
      [
        'a=fmtp:96 profile-level-id=420029; packetization-mode=1; sprop-parameter-sets=Z0IAHg==,aM48gA==',
      ],
      [7, 8],
    ],
    ['sets in another order', ['a=fmtp:96 sprop-parameter-sets=aM48gA==,Z0IAHg=='], [7, 8]],
    [
      'a start code behind a set',
      ['a=fmtp:96 sprop-parameter-sets=Z0IAHgAAAAE=,aM48gAAAAAE='],
      [7, 8],
    ],
    ['an empty second set', ['a=fmtp:96 sprop-parameter-sets=Z0IAHg==,'], [7]],
    ['a semicolon at the end', ['a=fmtp:96 packetization-mode=1;'], []],
    ['no format parameters', [], []],
    ['values that are not base64', ['a=fmtp:96 sprop-parameter-sets=!!,??'], []],
    ['sets of other types', ['a=fmtp:96 sprop-parameter-sets=BgU=,Z0IAHg=='], [7]],
    ['the parameters before the format', ['a=fmtp:96 sprop-parameter-sets=Z0IAHg=='], [7]],
  ])('reads H.264 with %s', (_, lines, types) => {
    const map = 'a=rtpmap:96 H264/90000';
    for (const given of [
      [map, ...lines],
      [...lines, map],
    ]) {
      const track = parseLines('m=video 0 RTP/AVP 96', ...given);
      expect(track).toMatchObject({ codec: 'h264', payloadType: 96 });
      expect(typesOf(track)).toEqual(types);
    }
  });

  it.each(['H265', 'h265', 'HEVC'])('reads %s with its sets in the order of decoders', (name) => {
    const sets = 'sprop-pps=RAHA;sprop-sps=QgEB;sprop-vps=QAEM';
    const track = video(name, sets, 'a=control:rtsp://cam/live/video?x=1');
    expect(track).toMatchObject({ codec: 'h265', control: 'rtsp://cam/live/video?x=1' });
    expect(typesOf(track)).toEqual([32, 33, 34]);
  });

  it('reads several sets of one type', () => {
    expect(typesOf(video('H264', 'sprop-parameter-sets=Z0IAHg==,aM48gA==,aM4=')).length).toBe(3);
  });

  it('reads line feeds alone, a rate, and attributes that it does not know', () => {
    const lines = [
      'm=video 0 RTP/AVP 35',
      'b=AS:4096',
      'a=rtpmap:35 H264/90000',
      'a=x-dimensions:1920,1080',
    ];
    const text = [...SESSION, 'a=range:npt=now-', ...lines, 'a=framerate:12.5', 'a=recvonly'].join(
      '\n',
    );
    const track = parseVideoTrack(text, SHOWN);
    expect(track).toMatchObject({ payloadType: 35, frameRate: 12.5, control: undefined });
  });

  it('chooses the first video that it can read', () => {
    const track = parseLines(
      ...['m=video 0 RTP/AVP 26', 'a=control:jpeg'],
      ...[
        'm=video 0 RTP/AVP 96 97',
        'a=rtpmap:96 VP8/90000',
        'a=rtpmap:97 H265/90000',
        'a=control:b',
      ],
      ...['m=video 0 RTP/AVP 98', 'a=rtpmap:98 H264/90000', 'a=control:c'],
    );
    expect(track).toMatchObject({ codec: 'h265', payloadType: 97, control: 'b' });
  });

  it.each([
    ['JPEG', ['m=video 0 RTP/AVP 26'], 'unsupported codec (JPEG)'],
    [
      'MP4V-ES',
      ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 MP4V-ES/90000'],
      'unsupported codec (MP4V-ES)',
    ],
    [
      'a codec that it does not show',
      ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 secret/90000'],
      'unsupported codec (unknown)',
    ],
  ])('rejects %s with the recipe', (_, lines, problem) => {
    const read = () => parseLines(...lines);
    expect(read).toThrow(expect.objectContaining({ code: 'STREAM_CODEC_UNSUPPORTED' }));
    expect(read).toThrow(problem);
    expect(read).toThrow('go2rtc');
    expect(read).not.toThrow('secret');
  });

  it.each([
    ['H.264', () => video('H264', 'packetization-mode=2')],
    ['H.265', () => video('H265', 'sprop-max-don-diff=1')],
  ])('rejects %s with packets out of order', (_, read) => {
    expect(read).toThrow(expect.objectContaining({ code: 'STREAM_CODEC_UNSUPPORTED' }));
  });

  it.each([
    ['audio alone', [...SESSION, 'm=audio 0 RTP/AVP 0'].join('\r\n')],
    ['nothing', ''],
    ['garbage', '\x1f\x8b\0\ufffd m=video'],
    ['HTML', '<html>a=rtpmap:96 H264/90000</html>'],
  ])('rejects %s', (_, text) => {
    const read = () => parseVideoTrack(text, SHOWN);
    expect(read).toThrow(expect.objectContaining({ code: 'STREAM_NO_VIDEO' }));
    expect(read).toThrow('Failed to open video: rtsp://cam offers no video. ');
  });

  it('reads values that are integers as texts', () => {
    const lines = ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000', 'a=fmtp:96 5', 'a=control:1'];
    expect(parseLines(...lines)).toMatchObject({ control: '1', parameterSets: [] });
    expect(() => parseLines('m=video 0 RTP/AVP 96', 'a=rtpmap:96 264/90000')).toThrow(
      'unsupported codec (unknown)',
    );
  });

  it('reads any text, or rejects it with a typed error', () => {
    const piece = fc.constantFrom(
      ...['v=0', 'm=video 0 RTP/AVP 96', 'm=', 'm=video', 'a=rtpmap:96 H264/90000', 'a=rtpmap:'],
      ...[
        'a=fmtp:96 sprop-parameter-sets=',
        'a=fmtp:',
        'a=control:',
        'a=framerate:x',
        '__proto__=1',
      ],
      ...[';', ',', '=', '/', ' ', '\r\n', '\n', '5', '-1', '1e999', '\0', 'a'.repeat(300)],
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 40 }), (pieces) => {
        try {
          expect(parseVideoTrack(pieces.join(''), SHOWN).clockRate).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { decoderArguments, type DecoderInput } from './decoder-arguments.js';

const OUTPUT = { fps: 2, size: { width: 416, height: 234 }, maxPixels: 8_294_400 };
const argumentsFor = (input: DecoderInput, fps = 2) => decoderArguments(input, { ...OUTPUT, fps });

/** Value of an option in the input or in the output part of the arguments. */
function valueOf(args: readonly string[], option: string): string | undefined {
  const at = args.indexOf(option);
  return at === -1 ? undefined : args[at + 1];
}

describe('the arguments of a live decoder', () => {
  const args = argumentsFor({ kind: 'units' });

  it('are those that were measured, in their order', () => {
    expect(args).toEqual([
      ...['-nostdin', '-hide_banner', '-v', 'error', '-threads', '1', '-filter_threads', '1'],
      ...['-flags', 'low_delay', '-copyts', '-max_error_rate', '1'],
      ...['-analyzeduration', '0', '-probesize', '32', '-fpsprobesize', '0'],
      ...['-protocol_whitelist', 'pipe', '-format_whitelist', 'matroska'],
      ...['-codec_whitelist', 'h264,hevc', '-max_pixels', '8294400'],
      ...['-f', 'matroska', '-i', 'pipe:0', '-map', '0:V:0', '-an', '-sn', '-dn', '-vf'],
      "select='isnan(prev_selected_t)+gt(floor(t*2),floor(prev_selected_t*2))" +
        "+lt(t,prev_selected_t)',scale=416:234:flags=bilinear,format=gbrp,settb=1/1000," +
        'metadata=add:key=vidette:value=1,metadata=print:file=pipe\\\\:3:direct=1',
      ...['-fps_mode', 'passthrough', '-threads', '1', '-flush_packets', '1'],
      ...['-f', 'rawvideo', 'pipe:1'],
    ]);
  });

  it('limit the threads of the decoder and of the encoder', () => {
    const input = args.indexOf('-i');
    expect(args.slice(0, input)).toContain('-threads');
    expect(args.slice(input)).toContain('-threads');
  });

  it.each([0.5, 15])('select %d frames per second', (fps) => {
    const filter = valueOf(argumentsFor({ kind: 'units' }, fps), '-vf');
    expect(filter).toContain(`gt(floor(t*${fps}),floor(prev_selected_t*${fps}))`);
  });
});

describe('the arguments of a file decoder', () => {
  const path = '/videos/-i http:.mp4';

  it('reads one file of the accepted kinds', () => {
    const args = argumentsFor({ kind: 'file', path, pace: 'fast' });
    expect(valueOf(args, '-i')).toBe(`file:${path}`);
    expect(valueOf(args, '-protocol_whitelist')).toBe('file');
    expect(valueOf(args, '-format_whitelist')).toBe('mov,matroska,avi');
    expect(valueOf(args, '-max_pixels')).toBe('8294400');
    expect(args.filter((each) => each === '-i')).toHaveLength(1);
  });

  it.each([
    ['realtime', '1'],
    ['fast', undefined],
  ] as const)('reads at the pace %s', (pace, readrate) => {
    expect(valueOf(argumentsFor({ kind: 'file', path, pace }), '-readrate')).toBe(readrate);
  });
});

describe('the arguments of a decoder of an HTTP body', () => {
  it.each(['mpegts', 'flv', 'mov'] as const)('accepts only the container %s', (format) => {
    const args = argumentsFor({ kind: 'body', format });
    expect(valueOf(args, '-i')).toBe('pipe:0');
    expect(valueOf(args, '-f')).toBe(format);
    expect(valueOf(args, '-format_whitelist')).toBe(format);
    expect(valueOf(args, '-protocol_whitelist')).toBe('pipe');
    expect(valueOf(args, '-use_wallclock_as_timestamps')).toBe('1');
  });
});

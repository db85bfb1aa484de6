import type { NalCodec } from '../../domain/stream/access-unit.js';

/**
 * Codecs by their names in mediabunny. A packet source needs a codec text; it is not stored, because the
 * muxer reads profile and level from the parameter sets of the first packet.
 */
export const MP4_CODECS = {
  h264: { name: 'avc', text: 'avc1.640028' },
  h265: { name: 'hevc', text: 'hvc1.1.6.L120.B0' },
} as const satisfies Record<NalCodec, { name: string; text: string }>;

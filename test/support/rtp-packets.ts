/** Fields of an RTP packet; the defaults are those of a plain packet. */
export interface PacketFields {
  readonly sequence?: number;
  readonly timestamp?: number;
  readonly marker?: boolean;
  readonly payloadType?: number;
  readonly source?: number;
  readonly payload?: Buffer;
}

export function rtpPacket(fields: PacketFields = {}): Buffer {
  const { sequence = 0, timestamp = 0, marker = false, payloadType = 96, source = 1 } = fields;
  const header = Buffer.alloc(12);
  header.writeUInt8(0x80, 0);
  header.writeUInt8((marker ? 0x80 : 0) | payloadType, 1);
  header.writeUInt16BE(sequence & 0xffff, 2);
  header.writeUInt32BE(timestamp >>> 0, 4);
  header.writeUInt32BE(source, 8);
  return Buffer.concat([header, fields.payload ?? Buffer.alloc(0)]);
}

/** A NAL unit of a type; `first` is the byte after the header, whose first bit marks a first slice. */
export function h264Nal(type: number, length = 8, first = 0x80): Buffer {
  return Buffer.concat([Buffer.from([0x60 | type, first]), Buffer.alloc(length, type)]);
}

export function h265Nal(type: number, length = 8, first = 0x80): Buffer {
  return Buffer.concat([Buffer.from([type << 1, 1, first]), Buffer.alloc(length, type)]);
}

/** Payloads of FU-A (RFC 6184, 5.8), at least two, each with at most `size` bytes of the NAL unit. */
export function h264Fragments(nal: Buffer, size: number): Buffer[] {
  const [header = 0] = nal;
  return split(nal.subarray(1), size).map((part, index, { length }) =>
    Buffer.concat([
      Buffer.from([(header & 0xe0) | 28, edges(index, length) | (header & 0x1f)]),
      part,
    ]),
  );
}

/** Payloads of FU (RFC 7798, 4.4.3). */
export function h265Fragments(nal: Buffer, size: number): Buffer[] {
  const [first = 0, second = 0] = nal;
  return split(nal.subarray(2), size).map((part, index, { length }) =>
    Buffer.concat([
      Buffer.from([(first & 0x81) | (49 << 1), second, edges(index, length) | ((first >> 1) & 63)]),
      part,
    ]),
  );
}

/** A payload of several NAL units: STAP-A or AP. */
export function aggregate(header: readonly number[], nals: readonly Buffer[]): Buffer {
  const parts = nals.flatMap((nal) => {
    const size = Buffer.alloc(2);
    size.writeUInt16BE(nal.length);
    return [size, nal];
  });
  return Buffer.concat([Buffer.from(header), ...parts]);
}

/** A sender report of a camera whose clock shows `utcMs` at an RTP timestamp. */
export function senderReport(utcMs: number, timestamp: number): Buffer {
  const report = Buffer.alloc(28);
  report.writeUInt8(0x80, 0);
  report.writeUInt8(200, 1);
  report.writeUInt16BE(6, 2);
  report.writeUInt32BE(Math.floor(utcMs / 1000) + 2_208_988_800, 8);
  report.writeUInt32BE(Math.floor(((utcMs % 1000) / 1000) * 2 ** 32), 12);
  report.writeUInt32BE(timestamp >>> 0, 16);
  return report;
}

/** An interleaved packet of RTSP. */
export function interleaved(channel: number, packet: Buffer): Buffer {
  const header = Buffer.from([0x24, channel, 0, 0]);
  header.writeUInt16BE(packet.length, 2);
  return Buffer.concat([header, packet]);
}

function split(bytes: Buffer, size: number): Buffer[] {
  const step = Math.min(size, Math.ceil(bytes.length / 2));
  return Array.from({ length: Math.ceil(bytes.length / step) }, (_, index) =>
    bytes.subarray(index * step, (index + 1) * step),
  );
}

function edges(index: number, count: number): number {
  if (index === 0) return 0x80;
  return index === count - 1 ? 0x40 : 0;
}

import { createUnitAssembler, type ReceivedUnit } from './access-units.js';
import { cameraTime, parseSenderReport, type SenderReport } from './rtcp.js';
import { parseRtp } from './rtp.js';
import { createLossCounter } from './rtp-sequence.js';
import type { Channels } from './responses.js';
import type { VideoTrack } from './sdp.js';
import { createUnitRate } from './unit-rate.js';

/** An access unit with the camera's own time. */
export interface TimedUnit extends ReceivedUnit {
  /** UTC of the camera, in milliseconds since 1970; null before its first sender report. */
  readonly cameraTime: number | null;
}

/** Counts since the connection was opened. */
export interface StreamStats {
  /** Bytes of the video's RTP packets. */
  readonly bytes: number;
  readonly packets: number;
  /** Packets that did not arrive. */
  readonly lost: number;
  /** Packets that arrived late or twice, or are not valid RTP, and were dropped. */
  readonly dropped: number;
  readonly units: number;
  readonly keyframes: number;
}

/** Reads the packets of one video track. */
export interface TrackReader {
  /** Reads an interleaved packet. @throws ProtocolError for a unit or a rate above its limit. */
  readonly onData: (channel: number, bytes: Buffer) => void;
  readonly stats: () => StreamStats;
}

export interface TrackReaderOptions {
  readonly track: VideoTrack;
  readonly channels: Channels;
  readonly onUnit: (unit: TimedUnit) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createTrackReader(options: TrackReaderOptions): TrackReader {
  const { track, channels, onUnit, now } = options;
  const counts = { bytes: 0, packets: 0, lost: 0, dropped: 0, units: 0, keyframes: 0 };
  const countLost = createLossCounter();
  const expectRate = createUnitRate(track.frameRate);
  let report: SenderReport | undefined;
  let isAfterLoss = false;
  const pushUnit = createUnitAssembler(track, (unit) => {
    expectRate(unit.arrival);
    counts.units++;
    if (unit.key) counts.keyframes++;
    onUnit({ ...unit, cameraTime: report ? cameraTime(report, unit.ts, track.clockRate) : null });
  });
  const onRtp = (bytes: Buffer) => {
    const packet = parseRtp(bytes);
    const lost = packet && countLost(packet);
    if (!packet || lost === undefined) {
      counts.dropped++;
      return;
    }
    counts.lost += lost;
    if (lost > 0) isAfterLoss = true;
    // Other payloads, such as metadata, share the sequence numbers.
    if (packet.payloadType !== track.payloadType) return;
    counts.packets++;
    counts.bytes += bytes.length;
    pushUnit(packet, { at: now(), afterLoss: isAfterLoss });
    isAfterLoss = false;
  };
  return {
    stats: () => ({ ...counts }),
    onData: (channel, bytes) => {
      if (channel === channels.rtp) onRtp(bytes);
      else if (channel === channels.rtcp) report = parseSenderReport(bytes) ?? report;
    },
  };
}

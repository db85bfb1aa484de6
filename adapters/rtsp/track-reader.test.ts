import { describe, expect, it } from 'vitest';
import {
  h264Nal,
  type PacketFields,
  rtpPacket,
  senderReport,
} from '../../test/support/rtp-packets.js';
import { createTrackReader, type TimedUnit } from './track-reader.js';

const UTC_MS = Date.UTC(2026, 0, 11);
const CHANNELS = { rtp: 4, rtcp: 7 };

function start() {
  const units: TimedUnit[] = [];
  const reader = createTrackReader({
    track: {
      codec: 'h264',
      payloadType: 96,
      clockRate: 90_000,
      control: undefined,
      parameterSets: [],
      frameRate: 25,
    },
    channels: CHANNELS,
    onUnit: (unit) => units.push(unit),
    now: () => 5000,
  });
  const send = (fields: PacketFields) =>
    reader.onData(CHANNELS.rtp, rtpPacket({ marker: true, payload: h264Nal(5), ...fields }));
  return { ...reader, send, units };
}

describe('the track reader', () => {
  it('counts packets, losses, drops and units', () => {
    const { send, onData, stats, units } = start();
    send({ sequence: 1, timestamp: 0 });
    send({ sequence: 4, timestamp: 9000, payload: h264Nal(1) });
    send({ sequence: 4, timestamp: 9000, payload: h264Nal(1) });
    onData(CHANNELS.rtp, Buffer.from('garbage'));
    onData(CHANNELS.rtp + 1, rtpPacket({ sequence: 5 }));
    const bytes = 2 * rtpPacket({ payload: h264Nal(5) }).length;
    expect(stats()).toEqual({ bytes, packets: 2, lost: 2, dropped: 2, units: 2, keyframes: 1 });
    expect(units.map(({ damaged }) => damaged)).toEqual([false, true]);
  });

  it('ignores other payload types, but not a loss before them', () => {
    const { send, stats, units } = start();
    send({ sequence: 1, timestamp: 0 });
    send({ sequence: 3, timestamp: 0, payloadType: 97 });
    send({ sequence: 4, timestamp: 9000, payload: h264Nal(1) });
    expect(units.map(({ damaged }) => damaged)).toEqual([false, true]);
    expect(stats()).toMatchObject({ packets: 2, lost: 1, dropped: 0 });
  });

  it('reports a loss once', () => {
    const { send, units } = start();
    send({ sequence: 1, timestamp: 0 });
    send({ sequence: 3, timestamp: 9000 });
    send({ sequence: 4, timestamp: 18_000, payload: h264Nal(1) });
    expect(units.map(({ damaged }) => damaged)).toEqual([false, false, false]);
  });

  it('adds the time of the camera from its first sender report on', () => {
    const { send, onData, units } = start();
    send({ sequence: 1, timestamp: 90_000 });
    onData(CHANNELS.rtcp, senderReport(UTC_MS, 90_000));
    send({ sequence: 2, timestamp: 180_000 });
    onData(CHANNELS.rtcp, Buffer.from('garbage'));
    send({ sequence: 3, timestamp: 45_000 });
    expect(units.map(({ cameraTime }) => cameraTime)).toEqual([null, UTC_MS + 1000, UTC_MS - 500]);
    expect(units.map(({ arrival }) => arrival)).toEqual([5000, 5000, 5000]);
  });

  it('rejects a flood of units', () => {
    const { send } = start();
    const flood = () => {
      for (let index = 0; index <= 2400; index++) send({ sequence: index, timestamp: index });
    };
    expect(flood).toThrow('sent more than 2400 frames within 10 s');
  });
});

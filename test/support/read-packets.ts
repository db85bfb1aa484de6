import { execa } from 'execa';

/** A packet of a video as ffprobe reads it. */
export interface ReadPacket {
  /** Presentation and decoding time, in ms. */
  readonly pts: number;
  readonly dts: number;
  readonly size: number;
  readonly key: boolean;
}

interface Probe {
  readonly packets: readonly {
    readonly pts_time: string;
    readonly dts_time: string;
    readonly size: string;
    readonly flags: string;
  }[];
}

/** Reads every packet of the first video track with ffprobe. */
export async function readPackets(path: string): Promise<ReadPacket[]> {
  const fields = 'packet=pts_time,dts_time,size,flags';
  const { stdout } = await execa('ffprobe', [
    ...['-v', 'error', '-select_streams', 'v:0', '-show_entries', fields, '-of', 'json', path],
  ]);
  const { packets } = JSON.parse(stdout) as Probe; // written by ffprobe in this form
  return packets.map(({ pts_time, dts_time, size, flags }) => ({
    pts: Math.round(Number(pts_time) * 1000),
    dts: Math.round(Number(dts_time) * 1000),
    size: Number(size),
    key: flags.startsWith('K'),
  }));
}

import { mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { matroskaCluster, matroskaHeader } from '../../adapters/camera/live-matroska.js';
import { createFragmentedMp4, type FragmentedMp4 } from '../../adapters/mp4/fragmented-mp4.js';
import type { Size } from '../../domain/result/detection.js';
import type { AccessUnit, CameraCodec } from '../../domain/stream/access-unit.js';

/** Identity of the recording of an event. */
export interface SpoolName {
  readonly eventId: string;
  /** Time of its first unit, in ms since 1970. */
  readonly from: number;
  readonly codec: CameraCodec;
}

/** File to which the units of an event are appended, and which stays readable after a crash. */
export interface ClipSpool {
  readonly path: string;
  /** Resolves with the time of the unit, in ms since 1970. @throws Error if it cannot be written. */
  add(unit: AccessUnit): Promise<number>;
  close(): Promise<void>;
}

/** A spool of an earlier process. */
export interface FoundSpool extends SpoolName {
  readonly path: string;
}

const NAME = /^([A-Za-z0-9_-]+)\.(\d+)\.(h264|h265|mjpeg)\.part$/;

/** Creates the spool of an event in a folder; one of an earlier attempt is replaced. */
export async function openClipSpool(
  folder: string,
  { eventId, from, codec }: SpoolName,
  size: Size,
): Promise<ClipSpool> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${eventId}.${from}.${codec}.part`);
  const file = await open(path, 'w');
  const write = (bytes: Uint8Array) => file.appendFile(bytes);
  const writer =
    codec === 'mjpeg' ? createMjpegWriter(write) : createFragmentedMp4({ codec, size, write });
  const close = async () => {
    try {
      await writer.close();
    } finally {
      await file.close();
    }
  };
  return { path, add: (unit) => writer.add(unit), close };
}

/** Finds the spools in a folder. */
export async function findSpools(folder: string): Promise<FoundSpool[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => {
    const [, eventId, from, codec] = NAME.exec(name) ?? [];
    if (eventId === undefined) return [];
    // The pattern has these codecs alone.
    return [{ path: join(folder, name), eventId, from: Number(from), codec: codec as CameraCodec }];
  });
}

/** Writes JPEGs to Matroska, because MP4 has no form of them that browsers play. */
function createMjpegWriter(write: (bytes: Uint8Array) => Promise<void>): FragmentedMp4 {
  let isOpen = false;
  return {
    async add(unit) {
      if (!isOpen) await write(matroskaHeader('mjpeg'));
      isOpen = true;
      await write(matroskaCluster(unit));
      return unit.arrival;
    },
    close: () => Promise.resolve(),
  };
}

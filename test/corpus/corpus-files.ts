import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of the collection of odd and broken videos and pictures. */
export interface CorpusFile {
  readonly name: string;
  readonly path: string;
  /** Frames that ffmpeg alone gets out of it with our lists and no other care; 0 for pictures. */
  readonly ffmpegFrames: number;
}

/** Every file that the collection's own table names. @param folder of the collection. */
export async function readCorpus(folder: string): Promise<CorpusFile[]> {
  const table = await readFile(join(folder, 'SOURCES.tsv'), 'utf8');
  const [head, ...rows] = table.trimEnd().split('\n');
  const columns = head!.split('\t');
  const [name, frames] = ['file', 'hardened_ffmpeg_frames'].map((each) => columns.indexOf(each));
  return rows.map((row) => {
    const cells = row.split('\t');
    const file = cells[name!]!;
    return { name: file, path: join(folder, file), ffmpegFrames: Number(cells[frames!] ?? 0) };
  });
}

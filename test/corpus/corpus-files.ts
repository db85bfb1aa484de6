import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** A file of the collection of unusual and broken videos and images. */
export interface CorpusFile {
  readonly name: string;
  /** Extension in lower case, with its dot. */
  readonly extension: string;
  readonly kind: 'video' | 'image';
  readonly path: string;
  /** Frames that ffmpeg decodes with our allow-lists and no other care; 0 for images. */
  readonly ffmpegFrames: number;
  /** Whether ffmpeg ended without an error; false for images. */
  readonly isIntact: boolean;
}

/** Reads every file that the table of the collection lists. @param folder of the collection. */
export async function readCorpus(folder: string): Promise<CorpusFile[]> {
  const table = await readFile(join(folder, 'SOURCES.tsv'), 'utf8');
  const [head, ...rows] = table.trimEnd().split('\n');
  const columns = head!.split('\t');
  return rows.map((row) => {
    const cells = row.split('\t');
    const cell = (column: string) => cells[columns.indexOf(column)] ?? '';
    const name = cell('file');
    return {
      name,
      extension: extname(name).toLowerCase(),
      kind: cell('kind') === 'video' ? 'video' : 'image',
      path: join(folder, name),
      ffmpegFrames: Number(cell('hardened_ffmpeg_frames')),
      isIntact: cell('hardened_ffmpeg_exit') === '0',
    };
  });
}

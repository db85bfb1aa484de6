import type { MediaTool } from './command.js';
import { runFfprobe } from './ffprobe.js';
import { untrustedInput } from './whitelists.js';

/** Codecs of a video's sound streams, in ffmpeg's names and order; none where it has no sound. */
export async function probeSound(
  { ffprobe, maxPixels }: { readonly ffprobe: MediaTool; readonly maxPixels: number },
  source: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const entries = ['-select_streams', 'a', '-show_entries', 'stream=index,codec_name'];
  const args = [
    '-v',
    'error',
    ...entries,
    '-of',
    'csv=p=0',
    ...untrustedInput('ffprobe', maxPixels),
  ];
  // The streams of a transport stream are listed once more by its programs.
  const codecs = new Map<string, string>();
  for await (const line of runFfprobe(ffprobe, [...args, `file:${source}`], signal).lines) {
    const [index, codec] = line.split(',');
    if (index && codec) codecs.set(index, codec);
  }
  return [...codecs.values()];
}

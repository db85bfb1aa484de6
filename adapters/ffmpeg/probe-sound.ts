import { execa } from 'execa';
import { throwIfStopped } from './probe-stream.js';
import { untrustedInput } from './whitelists.js';

/** Codecs of a video's sound streams, in ffmpeg's names and order; none where it has no sound. */
export async function probeSound(
  { ffprobe, maxPixels }: { readonly ffprobe: string; readonly maxPixels: number },
  source: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const entries = [
    '-select_streams',
    'a',
    '-show_entries',
    'stream=index,codec_name',
    '-of',
    'csv=p=0',
  ];
  const args = ['-v', 'error', ...entries, ...untrustedInput('ffprobe', maxPixels)];
  const probe = await execa(ffprobe, [...args, `file:${source}`], {
    cancelSignal: signal,
    reject: false,
  });
  signal.throwIfAborted();
  throwIfStopped(probe);
  // The streams of a transport stream are listed once more by its programs.
  const codecs = new Map<string, string>();
  for (const line of probe.stdout.split('\n')) {
    const [index, codec] = line.split(',');
    if (index && codec) codecs.set(index, codec);
  }
  return [...codecs.values()];
}

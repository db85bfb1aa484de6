import { execa } from 'execa';

/** Format and codec of media as ffprobe reads them. */
export interface ProbedMedia {
  readonly format: string;
  readonly codec: string | undefined;
  readonly frames: number;
}

/** Reads the first bytes of a response, and leaves it. */
export async function readStart(response: Response, bytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body!.getReader();
  while (size < bytes) {
    const { value, done } = (await reader.read()) as { value?: Uint8Array; done: boolean };
    if (done) break;
    chunks.push(value!);
    size += value!.length;
  }
  await reader.cancel();
  return Buffer.concat(chunks);
}

/** Reads media with ffprobe; its end may be missing. */
export async function probeMedia(media: Buffer, format?: string): Promise<ProbedMedia> {
  const fields = 'format=format_name:stream=codec_name,nb_read_frames';
  const { stdout } = await execa(
    'ffprobe',
    [
      ...['-v', 'fatal', ...(format === undefined ? [] : ['-f', format]), '-count_frames'],
      ...['-select_streams', 'v:0', '-show_entries', fields, '-of', 'json', '-i', 'pipe:0'],
    ],
    { input: media },
  );
  const probe = JSON.parse(stdout) as {
    readonly format: { readonly format_name: string };
    readonly streams: readonly { readonly codec_name: string; readonly nb_read_frames: string }[];
  }; // written by ffprobe in this form
  const [stream] = probe.streams;
  const frames = Number(stream?.nb_read_frames ?? 0);
  return { format: probe.format.format_name, codec: stream?.codec_name, frames };
}

import { execa } from 'execa';

const LIST_TIMEOUT_MS = 30_000;

/** A part of ffmpeg or ffprobe that Vidette uses; `list` is the option that lists it by name. */
interface Feature {
  readonly list: readonly string[];
  readonly part: string;
  /** Name for messages. */
  readonly title: string;
}

const HEVC = { list: ['-decoders'], part: 'hevc', title: 'the H.265 decoder (hevc)' };
const RTSP = { list: ['-demuxers'], part: 'rtsp', title: 'RTSP (rtsp)' };

const FEATURES: Readonly<Record<'ffmpeg' | 'ffprobe', readonly Feature[]>> = {
  ffmpeg: [
    { list: ['-encoders'], part: 'libx264', title: 'the H.264 encoder (libx264)' },
    { list: ['-filters'], part: 'ass', title: 'the subtitles filter (libass)' },
    { list: ['-h', 'long'], part: '-fps_mode', title: 'the option -fps_mode (ffmpeg 5.1)' },
    HEVC,
    RTSP,
  ],
  ffprobe: [HEVC, RTSP],
};

/** @throws Error that names each feature that an ffmpeg or ffprobe lacks. */
export async function assertFeatures(path: string, name: 'ffmpeg' | 'ffprobe'): Promise<void> {
  const lacking = await Promise.all(
    FEATURES[name].map(async (feature) => ((await hasFeature(path, feature)) ? [] : [feature])),
  );
  const titles = lacking.flat().map(({ title }) => title);
  if (titles.length > 0) throw new Error(`${path} lacks ${titles.join(', ')}`);
}

async function hasFeature(path: string, { list, part }: Feature): Promise<boolean> {
  const { stdout } = await execa(path, ['-hide_banner', ...list], {
    timeout: LIST_TIMEOUT_MS,
    reject: false,
    stdin: 'ignore',
  });
  return stdout.split('\n').some((row) => namesOf(row).includes(part));
}

/**
 * Words of a row that may be its name: an option comes first, other parts after their flags. ffmpeg 7
 * writes `-fps_mode[:<stream_spec>]`.
 */
function namesOf(row: string): readonly string[] {
  const words = row.trim().split(/\s+/).slice(0, 2);
  return words.map((word) => word.replace(/\[.*$/, ''));
}

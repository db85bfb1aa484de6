import { BufferSource, Input, MP4 } from 'mediabunny';

/**
 * Returns the codec of the video of an MP4 as browsers expect it.
 * @param head bytes of the file with its index, or of a fragmented one up to its first fragment.
 * @example 'avc1.4d4028'
 */
export async function readCodecText(head: Uint8Array): Promise<string | undefined> {
  const input = new Input({ source: new BufferSource(head), formats: [MP4] });
  try {
    const track = await input.getPrimaryVideoTrack();
    const text = await track?.getCodecParameterString();
    // The file has the sample entry hvc1, which Safari requires; the library reports the other one.
    return text?.replace(/^hev1/, 'hvc1');
  } finally {
    input.dispose();
  }
}

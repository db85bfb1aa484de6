/** Containers that strangers' files may be in; playlists and anything that names other files are not here. */
const FORMATS = 'mov,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,asf,ogg,gif,ivf,h264,hevc';

/**
 * Video decoders. MagicYUV is left out: before 7.1.5, 8.0.3 and 8.1.2 of ffmpeg, its decoder writes
 * outside of its memory (CVE-2026-8461).
 */
const CODECS = [
  'h264,hevc,mpeg4,mpeg2video,mpeg1video,mjpeg,vp8,vp9,libdav1d,libaom-av1,av1,gif',
  'h263,flv,msmpeg4v2,msmpeg4,wmv1,wmv2,vc1,wmv3,theora,prores,dvvideo,ffv1',
  'rawvideo,huffyuv,ffvhuff,utvideo,png,qtrle,dnxhd,cfhd,v210,jpeg2000,cinepak',
].join(',');

/** ffprobe opens a decoder for every stream and ends when one is refused, so it may open these too. */
const SIDE_CODECS = [
  'aac,aac_latm,mp3float,mp3,mp2float,mp2,mp1float,ac3,eac3,dca,truehd,opus,libopus,vorbis,flac,alac',
  'wmav1,wmav2,wmapro,amrnb,amrwb,adpcm_ms,adpcm_ima_wav,adpcm_ima_qt,adpcm_swf,nellymoser',
  'pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_f32le,pcm_u8,pcm_alaw,pcm_mulaw,pcm_dvd',
  'mov_text,subrip,srt,ass,ssa,webvtt,text,dvbsub,dvdsub,pgssub,cc_dec,qdm2,qdmc,speex',
].join(',');

/** Narrower limits for input of a known kind. */
export interface InputKind {
  readonly protocol?: 'file' | 'pipe';
  /** Containers, as a list with commas. */
  readonly formats?: string;
}

/** Input options that keep ffmpeg and ffprobe inside one local file, or one pipe, of a known kind. */
export function untrustedInput(
  tool: 'ffmpeg' | 'ffprobe',
  maxPixels: number,
  { protocol = 'file', formats = FORMATS }: InputKind = {},
): string[] {
  const codecs = tool === 'ffprobe' ? `${CODECS},${SIDE_CODECS}` : CODECS;
  return [
    ...['-protocol_whitelist', protocol],
    ...['-format_whitelist', formats],
    ...['-codec_whitelist', codecs],
    ...['-max_pixels', String(maxPixels)],
    ...['-max_streams', '64'],
    ...['-probesize', '20M'],
    ...['-analyzeduration', '10M'],
  ];
}

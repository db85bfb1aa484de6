import type { ArchiveDownload } from './download-members.js';

/** Platform and architecture as Node names them, such as `linux-x64`. */
type Builds<T> = Readonly<Record<string, T>>;

export const PAIR_VERSION = '7.1.4-3';

/** Portable builds of ffmpeg and ffprobe by jellyfin-ffmpeg: archive and SHA-256. */
const PAIRS: Builds<readonly [name: string, sha256: string]> = {
  'linux-x64': ['linux64', 'cab9ff40a47e4232d231e4eb7e4e85fabfeec56c6905266bc94291fc0881f83f'],
  'linux-arm64': ['linuxarm64', '77e4b5d044ab73e1f26c9aadaa5d6014d1782500bf2c29afb3ab81f5bea98b1f'],
  'darwin-x64': ['mac64', '943f78e94d2760d3925fc0d9cc15f8329b11dbcdae7b0fd0d225b64e5a1aae29'],
  'darwin-arm64': ['macarm64', '99d689816a41075574928a0b3059101fd454fc58f465c99105a73b5c415ac86d'],
};

/** Returns the portable pair for this system. @throws Error if there is none. */
function pairDownload(releases: string): ArchiveDownload {
  const [name, sha256] = ofThisSystem(PAIRS);
  const file = `jellyfin-ffmpeg_${PAIR_VERSION}_portable_${name}-gpl.tar.xz`;
  return { url: `${releases}/v${PAIR_VERSION}/${file}`, sha256, members: ['ffmpeg', 'ffprobe'] };
}

export const WHEEL_VERSION = '0.8.1';

/** Wheels of imageio-ffmpeg, which contain an ffmpeg: folder, platform tag, member and SHA-256. */
const WHEELS: Builds<readonly [folder: string, tag: string, member: string, sha256: string]> = {
  'linux-x64': [
    'de/0f/49292fbef69ee10ebcf97bb741602521caafcc6966d5fa1a2b868cc15655',
    'manylinux_2_28_x86_64',
    'ffmpeg-linux-x86_64-v9.0.2',
    '050d6850601c3b3890bd2b28306f3b842b3daea390a561101174375a1c460bda',
  ],
  'linux-arm64': [
    '53/02/e139e53a71f33f728cb2ce6c1124edc29e4c008427923f01a4d37f9a1867',
    'manylinux_2_28_aarch64',
    'ffmpeg-linux-aarch64-v9.0.2',
    'fad3176f859b25869e60a8ed79957d4e3ed74a97a95e5f0cdcb91455f6c6d00e',
  ],
  'darwin-x64': [
    'da/24/2c3a7c69453bfb8374ddbbb5007346bad4a4247bc86882f3521cd615f929',
    'macosx_10_13_x86_64',
    'ffmpeg-macos-x86_64-v9.0.2',
    '9538a10e598257263b5de1a1c1b86e7603417bc219245b1e279b452e5e48cc20',
  ],
  'darwin-arm64': [
    '2b/47/9f9b654f853598bae0850fa22bba168103e45d31b5a2a893ed474f28d54a',
    'macosx_12_0_arm64',
    'ffmpeg-macos-aarch64-v9.0',
    '5636d691e36e5274b13fe38182b1f627b2e35dcecc63944012c2470f9484fc45',
  ],
};

/** Returns the wheel with an ffmpeg for this system. @throws Error if there is none. */
function wheelDownload(files: string): ArchiveDownload {
  const [folder, tag, member, sha256] = ofThisSystem(WHEELS);
  const url = `${files}/${folder}/imageio_ffmpeg-${WHEEL_VERSION}-py3-none-${tag}.whl`;
  return { url, sha256, members: [`imageio_ffmpeg/binaries/${member}`] };
}

/** Downloads of ffmpeg for this system, by the base URL of a mirror. */
export interface FfmpegBuilds {
  readonly pair: (releases: string) => ArchiveDownload;
  readonly wheel: (files: string) => ArchiveDownload;
}

export const FFMPEG_BUILDS: FfmpegBuilds = { pair: pairDownload, wheel: wheelDownload };

function ofThisSystem<T>(builds: Builds<T>): T {
  const build = builds[`${process.platform}-${process.arch}`];
  if (build === undefined) throw new Error(`no build for ${process.platform} on ${process.arch}`);
  return build;
}

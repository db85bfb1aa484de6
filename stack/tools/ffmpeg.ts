import { downloadMembers } from './download-members.js';
import type { Check } from './executables.js';
import { FFMPEG_BUILDS, type FfmpegBuilds, PAIR_VERSION, WHEEL_VERSION } from './ffmpeg-builds.js';
import { assertFeatures } from './ffmpeg-features.js';
import type { Tool, ToolSource } from './find-tool.js';
import { installAllInto, installInto } from './install-into.js';
import { fromPackageManager } from './package-manager.js';
import { fromCache, fromEnvironment, fromPath } from './sources.js';
import type { ToolContext } from './tool-context.js';

type Name = 'ffmpeg' | 'ffprobe';

const WHEEL_FILE = `ffmpeg-imageio-${WHEEL_VERSION}`;
const pairFile = (name: Name) => `${name}-${PAIR_VERSION}`;

const versionCheck = (name: Name): Check => ({
  args: ['-version'],
  expects: new RegExp(`${name} version`),
});
const fullCheck = (name: Name): Check => ({
  ...versionCheck(name),
  verify: (path) => assertFeatures(path, name),
});

/** ffmpeg or ffprobe. One that a variable names is used without a check of its features. */
export function ffmpegTool(
  name: Name,
  context: ToolContext,
  builds: FfmpegBuilds = FFMPEG_BUILDS,
): Tool {
  const { config, binDir } = context;
  const configured = name === 'ffmpeg' ? config.ffmpeg.ffmpegPath : config.ffmpeg.ffprobePath;
  const variable = `VIDETTE_${name.toUpperCase()}`;
  const isExplicit = configured !== name;
  const isPortable = config.tools.portableFfmpeg && name === 'ffmpeg';
  const onPath = fromPath(name, config.tools.searchPath, fullCheck(name));
  const files = [pairFile(name), ...(name === 'ffmpeg' ? [WHEEL_FILE] : [])];
  const cached = files.map((file) => fromCache(binDir, file, name, fullCheck(name)));
  return {
    name,
    lockName: 'ffmpeg',
    explicit: isExplicit
      ? fromEnvironment(variable, configured, name, versionCheck(name))
      : undefined,
    lookups: isPortable ? cached : [onPath, ...cached],
    installs: [
      fromPair(name, context, builds),
      ...(name === 'ffmpeg' ? [fromWheel(context, builds)] : []),
      ...(isPortable ? [] : [fromPackageManager('ffmpeg', context, onPath)]),
    ],
    manualSteps: `${isPortable ? 'unset VIDETTE_PORTABLE_FFMPEG, and ' : ''}install ffmpeg with your package manager (https://ffmpeg.org/download.html) so that ffmpeg and ffprobe are on PATH; or set ${variable} to the executable.`,
  };
}

/** Source of a portable ffmpeg with its ffprobe; installs both. */
function fromPair(name: Name, context: ToolContext, { pair }: FfmpegBuilds): ToolSource {
  const releases = context.config.tools.ffmpegReleases;
  return {
    title: `portable build ${PAIR_VERSION} of jellyfin-ffmpeg from ${releases}`,
    announce: `downloading ffmpeg and ffprobe ${PAIR_VERSION} (60 MB, about a minute)`,
    find: async () => {
      const names = ['ffmpeg', 'ffprobe'] as const;
      const targets = names.map((each) => ({ fileName: pairFile(each), check: fullCheck(each) }));
      const paths = await installAllInto(context.binDir, targets, (folder) =>
        downloadMembers(pair(releases), folder, context),
      );
      return { path: paths[names.indexOf(name)] ?? '', kind: name };
    },
  };
}

/** Source of the ffmpeg in a Python wheel, a zip archive, to use with the ffprobe on PATH. */
function fromWheel(context: ToolContext, { wheel }: FfmpegBuilds): ToolSource {
  const { config, binDir } = context;
  const { searchPath, pythonPackages } = config.tools;
  return {
    title: `ffmpeg of imageio-ffmpeg ${WHEEL_VERSION} from ${pythonPackages}`,
    find: async () => {
      await fromPath('ffprobe', searchPath, fullCheck('ffprobe'))
        .find()
        .catch(() => {
          throw new Error('it contains no ffprobe, and no ffprobe is on PATH');
        });
      context.onStep(`ffmpeg: downloading imageio-ffmpeg ${WHEEL_VERSION} (68 MB, about a minute)`);
      const path = await installInto(binDir, WHEEL_FILE, fullCheck('ffmpeg'), async (folder) => {
        const [ffmpeg = ''] = await downloadMembers(wheel(pythonPackages), folder, context);
        return ffmpeg;
      });
      return { path, kind: 'ffmpeg' };
    },
  };
}

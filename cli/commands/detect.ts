import { AppError } from '../../domain/errors.js';
import { addExamples, type DefineCommand, setExitCode } from '../command.js';
import { addConsentOptions, type ConsentFlags } from '../consent.js';
import { addSubmitOptions, type SubmitFlags, submitOptionsOf } from '../submit-options.js';

interface DetectFlags extends SubmitFlags, ConsentFlags {
  readonly source?: string;
  readonly out?: string;
  readonly wait: boolean;
}

const EXAMPLES = [
  'detect cars.mp4',
  'detect cars.mp4 --every 2 --classes car,bus --out cars.json',
  'detect https://example.org/cars.mp4 --model yolov8n --frames none',
  "detect a.mp4 b.mkv recordings 'archive/**/*.mp4' --out results",
  'detect list.txt --no-wait --json',
  'detect source=cars.mp4 vid_stride=2 conf=0.4',
];

export const defineDetect: DefineCommand = (command, { createApp }) => {
  addExamples(command, ...EXAMPLES)
    .option('-s, --source <video>', 'alias of the argument')
    .option('--out <path>', 'write the result to this file as JSON; of several videos, to a folder')
    .option('--no-wait', 'submit the jobs and do not wait for their results');
  addConsentOptions(addSubmitOptions(command)).action(
    async (videos: readonly string[], flags: DetectFlags) => {
      const { detectVideos } = await import('../detect/detect-videos.js');
      const { source, out, wait } = flags;
      const options = submitOptionsOf(flags);
      const args = requireVideos(videos, source);
      setExitCode(await detectVideos(await createApp(flags), args, { options, out, wait }));
    },
  );
};

function requireVideos(videos: readonly string[], source: string | undefined): readonly string[] {
  if (videos.length > 0) return videos;
  if (source !== undefined) return [source];
  throw new AppError(
    'INVALID_INPUT',
    'Missing video. Give files, folders, patterns, lists, URLs or video_ids.',
  );
}

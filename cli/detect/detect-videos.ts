import { checkSubmitOptions, type SubmitOptions } from '../../client/index.js';
import { AppError } from '../../domain/errors.js';
import { isModelPath } from '../../domain/model/model-spec.js';
import { chosenModel } from '../../stack/model-sources/chosen-model.js';
import type { App } from '../app.js';
import { reportServers } from '../command.js';
import { findServers, settingsInUse, withClient } from '../connect.js';
import { expectModelFile } from '../models/use-model.js';
import { type StackInUse, withStack } from '../with-stack.js';
import type { DetectRequest } from './detection.js';
import { detectMany } from './detect-many.js';
import { detectOne } from './detect-one.js';
import { expandVideos, type ExpandedVideos } from './expand-videos.js';
import { resultPlace } from './result-place.js';

/** Request of a command line in addition to its videos. */
interface DetectFlags extends Omit<DetectRequest, 'resultPathOf'> {
  /** File, or with several videos folder, for the results. */
  readonly out: string | undefined;
}

/** Detects the videos that arguments name, and returns the exit code. */
export async function detectVideos(
  app: App,
  args: readonly string[],
  flags: DetectFlags,
): Promise<number> {
  const { options, wait, out } = flags;
  expectSubmitOptions(options);
  if (!wait && out !== undefined) throw noResultYet();
  const { videos, isList } = await expandVideos(args);
  expectNoSharedEvent(videos, options);
  await expectModelFile(options.model ?? app.config.model);
  const request = { options, wait, resultPathOf: await resultPlace(out, isList) };
  const [first] = videos;
  const use = wait ? withServersOrStack : withRunningServers;
  return use(app, options.model, ({ config, owned }) =>
    withClient(config, (connected) => {
      const servers = { ...connected, owned };
      const isOne = !isList || options.event_id !== undefined;
      if (isOne && first) return detectOne(app, servers, first.video, request);
      return detectMany(app, servers, videos, request);
    }),
  );
}

/** Rejects invalid options before servers are started or files are read. */
export function expectSubmitOptions(options: SubmitOptions): void {
  const isFile = options.model !== undefined && isModelPath(options.model);
  checkSubmitOptions(isFile ? { ...options, model: undefined } : options);
}

function noResultYet(): AppError {
  return new AppError(
    'INVALID_INPUT',
    '--out writes results, and --no-wait does not wait for them. Omit one; "vidette job ID --out FILE" writes a result later.',
  );
}

function expectNoSharedEvent({ length }: ExpandedVideos['videos'], { event_id }: SubmitOptions) {
  if (event_id === undefined || length <= 1) return;
  throw new AppError(
    'INVALID_INPUT',
    `--event-id names one job, and ${length} videos were given. Omit it, or give one video.`,
  );
}

/** Runs `work` on servers, and returns its exit code. */
type UseServers = (
  app: App,
  model: string | undefined,
  work: (stack: StackInUse) => Promise<number>,
) => Promise<number>;

/** Uses servers that are running; otherwise starts a stack for these jobs. */
const withServersOrStack: UseServers = async (app, model, work) => {
  const servers = await findServers(app.config);
  if (servers) {
    reportServers(app, servers);
    return work({ config: servers, owned: false });
  }
  const config = { ...app.config, model: model ?? app.config.model };
  // A stack for these jobs alone needs no model other than the one that is already on this machine.
  const hasModel = (await chosenModel(config)) !== undefined;
  return withStack(hasModel ? { ...app, config } : app, work);
};

/** Uses servers that continue to run after this command. */
const withRunningServers: UseServers = async (app, _model, work) => {
  const config = await settingsInUse(app.config);
  reportServers(app, config);
  return work({ config, owned: false });
};

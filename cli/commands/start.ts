import { addExamples, type DefineCommand, setExitCode } from '../command.js';
import { addConsentOptions } from '../consent.js';
import type { StartFlags } from '../start.js';
import { addSubmitOptions } from '../submit-options.js';

export const defineStart: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'start', 'start cars.mp4 --every 2', 'start --exit').option(
    '--exit',
    'stop everything when the job is done, even in a terminal',
  );
  addConsentOptions(addSubmitOptions(command)).action(
    async (video: string | undefined, flags: StartFlags) => {
      const { start } = await import('../start.js');
      setExitCode(await start(await createApp(flags), video, flags));
    },
  );
};

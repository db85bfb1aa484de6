import { AppError } from '../../domain/errors.js';
import { expectId } from '../../domain/names.js';
import { addExamples, type DefineCommand } from '../command.js';

export const defineOpen: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'open', 'open cars-0f3a2b1c9d8e-5d1f0c7a9b3e').action(
    async (id: string | undefined) => {
      const { findBrowser, findPage, openUrl } = await import('../page.js');
      const { ownEnvironment } = await import('../../config/index.js');
      const { config, out } = await createApp();
      const eventId = id === undefined ? undefined : expectId('an event_id', id);
      const url = await findPage(config, eventId);
      if (url === undefined) throw noPage(config.namesServers);
      const browser = findBrowser(process.platform, ownEnvironment());
      const canOpen = browser !== undefined && process.stdout.isTTY && !out.json;
      const opened = canOpen && (await openUrl(browser, url));
      out.result({ url, opened }, opened ? `Opened ${url}` : url);
    },
  );
};

function noPage(namesServers: boolean): AppError {
  return namesServers
    ? new AppError(
        'INVALID_INPUT',
        'The URL of the page is known for the local stack only, and TEMPORAL_ADDRESS selects other servers. Unset it, or open the URL of their API.',
      )
    : new AppError('STACK_NOT_RUNNING', 'The page is not running. Start it with "vidette up".');
}

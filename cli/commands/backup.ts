import prettyBytes from 'pretty-bytes';
import type { Backup } from '../../stack/index.js';
import { addExamples, type DefineCommand } from '../command.js';
import { addConsentOptions, type ConsentFlags } from '../consent.js';

export const defineBackup: DefineCommand = (command, { createApp }) => {
  addConsentOptions(addExamples(command, 'backup /mnt/backups/2026-11-27')).action(
    async (folder: string, flags: ConsentFlags) => {
      const { backupStack } = await import('../../stack/index.js');
      const { config, out, confirm, signal } = await createApp(flags);
      const backup = await backupStack({ config, onStep: out.step, confirm, folder, signal });
      out.result(backup, backupText(backup));
    },
  );
};

export const defineRestore: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'restore /mnt/backups/2026-11-27', 'restore /mnt/backups/2026-11-27 --check')
    .option('--check', 'verify the checksum of the backup, and restore nothing')
    .action(async (folder: string, { check = false }: { readonly check?: boolean }) => {
      const { checkBackup, restoreStack } = await import('../../stack/index.js');
      const { config, out, signal } = await createApp();
      const options = { config, onStep: out.step, folder, signal };
      const record = check ? await checkBackup(options) : await restoreStack(options);
      const made = `made by Vidette ${record.vidette} at ${record.created_at}`;
      const text = check
        ? `The backup is complete and undamaged, ${made}.`
        : `Restored the backup ${made} to ${config.dataDir}. Start it with: vidette up`;
      out.result({ ...record, restored: !check }, text);
    });
};

function backupText({ folder, bytes, stopped_ms: ms }: Backup): string {
  const stopped = ms === null ? '' : ` The stack was stopped for ${Math.round(ms / 1000)} s.`;
  return `Wrote ${prettyBytes(bytes)} to ${folder}.${stopped}
It contains the credentials of the stack: keep it as secret as the data folder. Keys that are set in the environment are not in it.`;
}

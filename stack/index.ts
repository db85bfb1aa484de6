export { type Backup, backupStack } from './backup/backup-stack.js';
export { checkBackup, restoreStack } from './backup/restore-stack.js';
export { downStack } from './down.js';
export { runStackForeground } from './supervisor/foreground.js';
export { dataPaths } from './data-folder.js';
export type { EntryPoints } from './prepare.js';
export type { Settings } from './settings.js';
export { startServers, type StartedServers } from './supervisor/start-servers.js';
export {
  stackSettings,
  stackStatus,
  webAddresses,
  type StackStatus,
  type WebAddresses,
} from './status.js';
export { upStack, type UpOptions } from './up.js';

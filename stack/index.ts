export { downStack, type DownOptions } from './down.js';
export { runStackForeground, type ForegroundOptions } from './supervisor/foreground.js';
export { dataPaths } from './data-folder.js';
export type { OnStep } from './on-step.js';
export type { EntryPoints } from './prepare.js';
export type { Settings } from './settings.js';
export { startServers, type StartedServers } from './supervisor/start-servers.js';
export {
  stackSettings,
  stackStatus,
  webAddresses,
  type ServiceStatus,
  type StackStatus,
  type WebAddresses,
} from './status.js';
export { findFfmpeg, findTools, type Tools } from './tools/index.js';
export { upStack, type UpOptions } from './up.js';

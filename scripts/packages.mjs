import { existsSync, writeFileSync } from 'node:fs';
import { hashOfFiles, inProject, readIfExists, run, log } from './project.mjs';

const STAMP = inProject('node_modules/.vidette-stamp');

/** Whether node_modules matches package-lock.json; `dev` includes the development dependencies. */
export function arePackagesInstalled({ dev }) {
  if (readIfExists(STAMP) === stamp()) return true;
  const installed = readIfExists(inProject('node_modules/.package-lock.json'));
  const locked = readIfExists(inProject('package-lock.json'));
  if (installed === undefined || locked === undefined) return false;
  return isSame(JSON.parse(installed).packages, JSON.parse(locked).packages, dev);
}

/** Installs the exact versions of package-lock.json. */
export function installPackages() {
  log('installing packages with `npm ci` (about a minute)');
  // Keeps onnxruntime-node from downloading CUDA libraries.
  const env = { ONNXRUNTIME_NODE_INSTALL: 'skip' };
  const npm = process.env.npm_execpath ?? '';
  // npm's warnings concern the choice of packages, which a user cannot change.
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  if (/npm-cli\.c?js$/.test(npm)) run(process.execPath, [npm, ...args], { env });
  else run('npm', args, { env });
  if (existsSync(inProject('node_modules'))) writeFileSync(STAMP, stamp());
}

function stamp() {
  return hashOfFiles(['package.json', 'package-lock.json']);
}

/** Compares npm's record of the installed packages with the lock file, for installs by npm itself. */
function isSame(installed, locked, dev) {
  const isNeeded = ({ optional, devOptional, dev: isDev }) =>
    !optional && !devOptional && (dev || !isDev);
  const isMissing = ([path, wanted]) => {
    const present = installed[path];
    if (path === '' || (!present && !isNeeded(wanted))) return false;
    return present?.version !== wanted.version || present?.integrity !== wanted.integrity;
  };
  const isExtra = (path) => !(path in locked);
  return !Object.entries(locked).some(isMissing) && !Object.keys(installed).some(isExtra);
}

import { existsSync, writeFileSync } from 'node:fs';
import { hashOfFiles, inProject, readIfThere, run, say } from './project.mjs';

const STAMP = inProject('node_modules/.vidette-stamp');

/** Whether node_modules is what package-lock.json says; `dev` asks for the tools of development too. */
export function arePackagesInstalled({ dev }) {
  if (readIfThere(STAMP) === stamp()) return true;
  const installed = readIfThere(inProject('node_modules/.package-lock.json'));
  const locked = readIfThere(inProject('package-lock.json'));
  if (installed === undefined || locked === undefined) return false;
  return isSame(JSON.parse(installed).packages, JSON.parse(locked).packages, dev);
}

/** Installs exactly what package-lock.json says. */
export function installPackages() {
  say('installing packages with `npm ci` (about a minute)');
  // onnxruntime-node would download CUDA libraries otherwise.
  const env = { ONNXRUNTIME_NODE_INSTALL: 'skip' };
  const npm = process.env.npm_execpath ?? '';
  // Its warnings are about the choice of packages, in which nobody who installs has a say.
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  if (/npm-cli\.c?js$/.test(npm)) run(process.execPath, [npm, ...args], { env });
  else run('npm', args, { env });
  if (existsSync(inProject('node_modules'))) writeFileSync(STAMP, stamp());
}

function stamp() {
  return hashOfFiles(['package.json', 'package-lock.json']);
}

/** Compares with npm's own record, for packages that were installed without this script. */
function isSame(installed, locked, dev) {
  const isNeeded = ({ optional, devOptional, dev: isDev }) =>
    !optional && !devOptional && (dev || !isDev);
  const isMissing = ([path, wanted]) => {
    const there = installed[path];
    if (path === '' || (!there && !isNeeded(wanted))) return false;
    return there?.version !== wanted.version || there?.integrity !== wanted.integrity;
  };
  const isExtra = (path) => !(path in locked);
  return !Object.entries(locked).some(isMissing) && !Object.keys(installed).some(isExtra);
}

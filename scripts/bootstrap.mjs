import './check-node.mjs';
import { buildProject, hasSources, isBuilt } from './build-project.mjs';
import { withSetUpLock } from './lock.mjs';
import { arePackagesInstalled, installPackages } from './packages.mjs';
import { say } from './project.mjs';

/**
 * Installs packages and builds when that is needed; silent when it is not. `dev` asks for the
 * tools of development, which a build needs as well. Ends the process when it fails.
 */
export function bootstrap({ dev = false } = {}) {
  if (!hasSources() || isReady(dev)) return;
  try {
    // Another process may have done it while this one waited.
    withSetUpLock(() => {
      if (!arePackagesInstalled({ dev: dev || !isBuilt() })) installPackages();
      if (!isBuilt()) buildProject();
    });
  } catch (error) {
    say(`set-up failed: ${error.message}`);
    process.exit(1);
  }
}

function isReady(dev) {
  return isBuilt() && arePackagesInstalled({ dev });
}

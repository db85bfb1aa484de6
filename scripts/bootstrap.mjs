import './check-node.mjs';
import { buildProject, hasSources, isBuilt } from './build-project.mjs';
import { withSetUpLock } from './lock.mjs';
import { arePackagesInstalled, installPackages } from './packages.mjs';
import { log } from './project.mjs';

/**
 * Installs packages and builds if needed; prints nothing otherwise. `dev` includes the development
 * dependencies, which a build needs as well. Exits the process on failure.
 */
export function bootstrap({ dev = false } = {}) {
  if (!hasSources() || isReady(dev)) return;
  try {
    // Another process may have finished the set-up while this one waited for the lock.
    withSetUpLock(() => {
      if (!arePackagesInstalled({ dev: dev || !isBuilt() })) installPackages();
      if (!isBuilt()) buildProject();
    });
  } catch (error) {
    log(`set-up failed: ${error.message}`);
    process.exit(1);
  }
}

function isReady(dev) {
  return isBuilt() && arePackagesInstalled({ dev });
}

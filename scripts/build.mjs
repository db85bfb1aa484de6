import { bootstrap } from './bootstrap.mjs';
import { say } from './project.mjs';

bootstrap({ dev: true });
say('the build in dist/ is that of the sources');

import { bootstrap } from './bootstrap.mjs';
import { log } from './project.mjs';

bootstrap({ dev: true });
log('dist/ is up to date');

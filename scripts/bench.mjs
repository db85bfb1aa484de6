import { bootstrap } from './bootstrap.mjs';
import { runMain } from './run-main.mjs';

bootstrap({ dev: true });
await runMain('dist/bench/main.js', process.argv.slice(2));

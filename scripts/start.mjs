import { bootstrap } from './bootstrap.mjs';
import { runMain } from './run-main.mjs';

bootstrap();
await runMain('dist/cli/main.js', ['start', ...process.argv.slice(2)]);

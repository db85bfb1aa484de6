import { runQuietly } from './machine/run-quietly.js';
import { MODES } from './modes.js';

function help(): void {
  console.log('npm run bench -- [flag] [options]');
  console.log('  --anyway  measures on a busy machine as well');
  for (const [flag, { description }] of Object.entries(MODES))
    console.log(`  ${flag}  ${description}`);
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) return help();
  const flag = args.find((arg) => arg in MODES) ?? '--beside';
  const { run, untimed = false } = MODES[flag]!;
  const anyway = args.includes('--anyway');
  const rest = args.filter((arg) => arg !== flag && arg !== '--anyway');
  const measure = () => run(rest, { anyway });
  await (untimed ? measure() : runQuietly({ anyway }, measure));
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

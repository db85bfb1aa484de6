import { readConfig } from '../config/index.js';
import { messageOf } from '../domain/errors.js';
import { findTools } from './tools/index.js';

// Entry point of set-up scripts: finds or installs every executable and prints their paths as JSON.
try {
  const onStep = (message: string) => process.stderr.write(`${message}\n`);
  const tools = await findTools({ config: readConfig(), onStep });
  process.stdout.write(`${JSON.stringify(tools)}\n`);
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}

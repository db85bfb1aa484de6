import { readConfig } from '../config/index.js';
import { messageOf } from '../domain/errors.js';
import { findTools } from './tools/index.js';

// Entry of set-up scripts: finds or sets up every executable, and says where it is.
try {
  const say = (message: string) => process.stderr.write(`${message}\n`);
  const tools = await findTools({ config: readConfig(), onStep: say });
  process.stdout.write(`${JSON.stringify(tools)}\n`);
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}

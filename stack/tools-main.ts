import { readConfig } from '../config/index.js';
import { messageOf } from '../domain/errors.js';
import { createLineWriter } from './line-writer.js';
import type { OnStep } from './on-step.js';
import { findTools } from './tools/index.js';

// Entry point of set-up scripts: finds or installs every executable and prints their paths as JSON.
try {
  const writer = createLineWriter(process.stderr);
  const onStep: OnStep = (message, kind) => writer[kind ?? 'line'](message);
  const tools = await findTools({ config: readConfig(), onStep });
  process.stdout.write(`${JSON.stringify(tools)}\n`);
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}

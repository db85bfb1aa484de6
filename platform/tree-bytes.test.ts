import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { treeBytes } from './tree-bytes.js';

const MIB = 1024 ** 2;

/** Starts a process whose child's child fills memory, and prints a line when it has. */
const NESTED = `
  const { spawn } = require('node:child_process');
  const FILL = 'globalThis.kept = Buffer.alloc(200 * 1024 ** 2, 1); console.log("full"); setInterval(() => 0, 1e6)';
  const nested = 'require("node:child_process").spawn(process.execPath, ["-e", process.argv[1]], { stdio: "inherit" })';
  spawn(process.execPath, ['-e', nested, FILL], { stdio: 'inherit' });
`;

describe.skipIf(!existsSync('/proc/self/stat'))('the memory of a tree of processes', () => {
  it('contains that of descendants', async () => {
    const child = spawn(process.execPath, ['-e', NESTED], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    try {
      await once(createInterface({ input: child.stdout }), 'line');
      expect(treeBytes(child.pid!)).toBeGreaterThan(200 * MIB);
    } finally {
      process.kill(-child.pid!, 'SIGKILL');
      await once(child, 'close');
    }
    expect(treeBytes(child.pid!)).toBeUndefined();
  });
});

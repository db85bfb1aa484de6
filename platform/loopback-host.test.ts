import { expect, it } from 'vitest';
import { hostNameOf, isLoopbackName } from './loopback-host.js';

it.each([
  ...['localhost', 'LOCALHOST:8233', 'vidette.localhost', '127.0.0.1', '127.0.0.1:8233'],
  ...['127.8.9.1', '[::1]', '[::1]:8233'],
])('accepts a name of this machine: %s', (header) => {
  expect(isLoopbackName(hostNameOf(header))).toBe(true);
});

it.each([
  ...[undefined, '', 'evil.example', 'evil.example:8233', '127.0.0.1.evil.example'],
  ...['localhost.evil.example', 'evil.example#localhost', '192.0.2.1', '::1', '[::]:8233'],
])('rejects another name: %s', (header) => {
  expect(isLoopbackName(hostNameOf(header))).toBe(false);
});

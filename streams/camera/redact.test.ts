import { expect, it } from 'vitest';
import { createRedactor } from './redact.js';

it('removes credentials, path and query, plain and encoded', () => {
  const redact = createRedactor('rtsp://admin:p@ss#w%C3%B6rd@10.0.0.7:8554/live/token-1?key=abcd');
  const text =
    'admin p@ss#wörd p%40ss%23w%C3%B6rd live/token-1?key=abcd ' +
    'rtsp://admin:p@ss#w%C3%B6rd@10.0.0.7:8554/live/token-1?key=abcd 10.0.0.7:8554';
  const left = redact(text);
  expect(left).not.toMatch(/admin|ss#|ss%23|token-1|abcd/);
  expect(left).toContain('10.0.0.7:8554');
});

it('leaves short texts, which hide nothing, and the paths of files', () => {
  expect(createRedactor('rtsp://10.0.0.7/1')('row 1 of 10.0.0.7')).toBe('row 1 of 10.0.0.7');
  const file = 'file:///videos/street.mp4';
  expect(createRedactor(file)(`cannot read ${file}`)).toBe(`cannot read ${file}`);
});

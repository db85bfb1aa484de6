import { describe, expect, it } from 'vitest';
import { joinAnnexB, trimStartCodes } from './start-codes.js';

it('joins NAL units with start codes', () => {
  const joined = joinAnnexB([Buffer.from([0x67, 1]), Buffer.from([0x68])]);
  expect([...joined]).toEqual([0, 0, 0, 1, 0x67, 1, 0, 0, 0, 1, 0x68]);
});

describe('trimStartCodes', () => {
  it.each([
    ['nothing', [0x67, 1, 2], [0x67, 1, 2]],
    ['a start code in front', [0, 0, 0, 1, 0x67, 1], [0x67, 1]],
    ['a short start code in front', [0, 0, 1, 0x67, 1], [0x67, 1]],
    ['a start code behind', [0x67, 1, 0, 0, 0, 1], [0x67, 1]],
    ['both', [0, 0, 0, 1, 0x67, 1, 0, 0, 1], [0x67, 1]],
    ['zeros behind', [0x67, 1, 0, 0], [0x67, 1]],
    ['only a start code', [0, 0, 0, 1], []],
    ['only zeros', [0, 0], []],
    ['no byte', [], []],
  ])('removes %s', (_, bytes, expected) => {
    expect([...trimStartCodes(Buffer.from(bytes))]).toEqual(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { accessUnit, accessUnits } from '../../test/support/access-units.js';
import type { FromCamera } from '../protocol.js';
import { createUnitFeeds } from './unit-feeds.js';

function setUp() {
  const sent: string[] = [];
  const send = (message: FromCamera) =>
    void (message.type === 'unit' && sent.push(`${message.id}: ${message.unit.arrival}`));
  return { sent, feeds: createUnitFeeds(1000, send) };
}

describe('feeds of coded frames', () => {
  it('sends the frames that are kept, and those that follow until the reader stops', () => {
    const { sent, feeds } = setUp();
    const [first, second, third, fourth] = accessUnits(4);
    feeds.push(first!);
    feeds.push(second!);
    feeds.start(7, 0);
    expect(feeds.isRead()).toBe(true);
    feeds.push(third!);
    feeds.stop(7);
    feeds.push(fourth!);
    expect(sent).toEqual(['7: 0', '7: 40', '7: 80']);
    expect(feeds.isRead()).toBe(false);
  });

  it('waits for a keyframe after a new connection', () => {
    const { sent, feeds } = setUp();
    feeds.start(1, 0);
    feeds.push(accessUnit(0));
    feeds.push(accessUnit(40, { key: true }));
    feeds.clear();
    feeds.push(accessUnit(80));
    feeds.push(accessUnit(120, { key: true }));
    feeds.push(accessUnit(160));
    expect(sent).toEqual(['1: 40', '1: 120', '1: 160']);
  });
});

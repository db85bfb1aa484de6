import { describe, expect, it } from 'vitest';
import type { FoundSighting } from '../../api/types.js';
import { SHOW_ALL } from './filter.js';
import { joinTracks, shownFound } from './found-objects.js';

const BASE = {
  ...{ event_id: 'e', video_id: 'v', video_name: null, scenario_uuid: null, at: '', frames: 1 },
  ...{ first_frame: 0 },
};

/** A sighting of a class, of a track if its id is given. */
function sighting(
  span: { readonly from: number; readonly to: number; readonly conf: number },
  track_id?: number,
): FoundSighting {
  const best = { frame: span.from, timestamp_ms: span.from, box: [0, 0, 1, 1] as const };
  return {
    ...{ ...BASE, sighting_id: `${span.from}/${track_id ?? ''}`, class: 'person', best },
    ...{ from_ms: span.from, to_ms: span.to, max_conf: span.conf },
    ...(track_id !== undefined && { track_id }),
  };
}

describe('joinTracks', () => {
  it('joins the spans of a track and keeps its best frame', () => {
    const late = sighting({ from: 9000, to: 9500, conf: 0.8 }, 7);
    const early = sighting({ from: 1000, to: 2000, conf: 0.6 }, 7);
    expect(joinTracks([late, early])).toEqual([
      {
        ...{ id: '7', trackId: 7, className: 'person', fromMs: 1000, toMs: 9500, maxConf: 0.8 },
        best: late.best,
      },
    ]);
  });

  it('keeps the spans of a job without tracks apart, by time', () => {
    const spans = [
      { from: 50, to: 60, conf: 0.5 },
      { from: 10, to: 20, conf: 0.5 },
    ];
    const found = joinTracks(spans.map((span) => sighting(span)));
    expect(found.map(({ fromMs, trackId }) => [fromMs, trackId])).toEqual([
      [10, undefined],
      [50, undefined],
    ]);
  });
});

describe('shownFound', () => {
  const objects = joinTracks([
    sighting({ from: 0, to: 1, conf: 0.4 }, 1),
    sighting({ from: 0, to: 1, conf: 0.9 }, 2),
  ]);
  const found = { objects, isComplete: true };

  it('omits objects that are never as confident as the filter asks', () => {
    const ids = shownFound(found, { ...SHOW_ALL, minConfidence: 0.5 }).map(({ id }) => id);
    expect(ids).toEqual(['2']);
  });

  it('omits hidden classes', () => {
    expect(shownFound(found, { ...SHOW_ALL, hiddenClasses: new Set(['person']) })).toEqual([]);
    expect(shownFound(found, { ...SHOW_ALL, onlyClass: 'person' })).toHaveLength(2);
  });
});

import type { StoredObject } from '../result/detection.js';
import { boxOf, predict, stopGrowth } from './box-filter.js';
import { type Candidate, matchBoxes, type MatchRule, type Sighting } from './match.js';
import type { LiveTrack } from './track.js';

/** Confidence from which an object is matched first, and from which it is matched at all. */
const HIGH_CONF = 0.5;
const LOW_CONF = 0.1;

/** Rules of the associations, with the largest costs of the reference code of ByteTrack. */
const FIRST: MatchRule = { maxCost: 0.8, weighsConf: true, margin: 0 };
const SECOND: MatchRule = { maxCost: 0.5, weighsConf: false, margin: 0 };
const UNCONFIRMED: MatchRule = { maxCost: 0.7, weighsConf: true, margin: 0 };
/** Rule for frames that are far apart, after {@link FIRST} and {@link UNCONFIRMED}; its margin varies. */
const FAR = { maxCost: 0.8, weighsConf: true };

/** Margin for each unit of time by which frames are more than one unit apart, and its maximum. */
const MARGIN_PER_UNIT = 0.05;
const MARGIN_MAX = 0.5;

/** A track at the time of the frame. */
interface Predicted extends Candidate {
  readonly track: LiveTrack;
}

/** Result of the associations of a frame. */
export interface Association {
  readonly seen: readonly (readonly [track: LiveTrack, sighting: Sighting])[];
  readonly unseen: readonly LiveTrack[];
  /** Objects with a high confidence and without a track. */
  readonly unmatched: readonly Sighting[];
}

/**
 * Moves tracks to the time of a frame and associates them with its objects: objects with a high
 * confidence with all tracks, then those with a low one with the tracks that are left, and at last
 * objects with a high confidence that are left with tracks that began in the frame before. If frames
 * are far apart, boxes with a margin are tried where those without one have no match.
 * @param steps time since the frame before in units of the filter.
 */
export function associate(
  tracks: readonly LiveTrack[],
  objects: readonly StoredObject[],
  steps: number,
): Association {
  const predicted = tracks.map((track) => predictTrack(track, steps));
  const sightings = objects.map(({ class: name, box, conf }, index): Sighting => ({
    index,
    class: name,
    box,
    conf,
  }));
  const high = sightings.filter(({ conf }) => conf >= HIGH_CONF);
  const low = sightings.filter(({ conf }) => conf >= LOW_CONF && conf < HIGH_CONF);
  const margin = Math.min(MARGIN_MAX, Math.max(0, Math.round(steps) - 1) * MARGIN_PER_UNIT);
  const far = margin > 0 && { ...FAR, margin };

  const confirmed = pair({ tracks: predicted.filter(isConfirmed), objects: high }, [FIRST, far]);
  const weak = pair({ tracks: confirmed.tracks, objects: low }, [SECOND]);
  const young = pair(
    { tracks: predicted.filter((each) => !isConfirmed(each)), objects: confirmed.objects },
    [UNCONFIRMED, far],
  );
  return {
    seen: [...confirmed.seen, ...weak.seen, ...young.seen],
    unseen: [...weak.tracks, ...young.tracks].map(({ track }) => track),
    unmatched: young.objects,
  };
}

interface Open {
  readonly tracks: readonly Predicted[];
  readonly objects: readonly Sighting[];
}

/** Pairs by one rule after another; each gets what the one before it left. */
function pair(open: Open, rules: readonly (MatchRule | false)[]) {
  let { tracks, objects } = open;
  const seen: (readonly [LiveTrack, Sighting])[] = [];
  for (const rule of rules) {
    if (!rule) continue;
    const pairs = matchBoxes(tracks, objects, rule);
    for (const [row, column] of pairs) seen.push([tracks[row]!.track, objects[column]!]);
    const [rows, columns] = [
      new Set(pairs.map(([row]) => row)),
      new Set(pairs.map(([, at]) => at)),
    ];
    tracks = tracks.filter((_, row) => !rows.has(row));
    objects = objects.filter((_, column) => !columns.has(column));
  }
  return { tracks, objects, seen };
}

function isConfirmed({ track }: Predicted): boolean {
  return track.id !== null;
}

function predictTrack(track: LiveTrack, steps: number): Predicted {
  if (track.missed > 0) stopGrowth(track.filter);
  predict(track.filter, steps);
  return { track, class: track.class, box: boxOf(track.filter) };
}

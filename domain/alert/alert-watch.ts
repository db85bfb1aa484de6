import type { Size, StoredObject } from '../result/detection.js';
import { anchorOf, borderOf } from '../zone/zone-watch.js';
import { isWithinHours } from './active-hours.js';
import type { AlertRule } from './alert-rule.js';

/** Frame whose objects are compared with rules. */
export interface AlertFrame {
  readonly frame: number;
  /** Milliseconds, on a clock that never falls. */
  readonly at_ms: number;
  readonly objects: readonly StoredObject[];
}

/** Reason for which an alert is not sent. */
export type Suppression = 'cool_down' | 'hours';

/** Objects that met a rule, at the frame at which they did. */
export interface Incident {
  readonly rule: string;
  /** Number of the incident among those of its rule, from 1. */
  readonly n: number;
  /** When such objects were first seen, and when the rule was met, on the clock of the frames. */
  readonly started_ms: number;
  readonly at_ms: number;
  /** Frame with the most certain object until then. */
  readonly frame: number;
  /** Classes of the objects, in alphabetical order. */
  readonly classes: readonly string[];
  /** Highest confidence of an object. */
  readonly confidence: number;
  /** Maximum number of objects in one frame. */
  readonly objects: number;
  /** Null for an alert that is due. */
  readonly suppressed: Suppression | null;
}

/** Objects that match a rule and have not been away for long. */
interface Presence extends Pick<
  Incident,
  'started_ms' | 'frame' | 'classes' | 'confidence' | 'objects'
> {
  readonly last_ms: number;
  /** Whether it made an incident; `hours` for one that was outside of the hours. */
  readonly reported: 'no' | 'hours' | 'yes';
}

interface RuleState {
  readonly incidents: number;
  /** Time of the last alert that was due. */
  readonly sent_ms?: number;
  readonly presence?: Presence;
}

/** State of a watch as JSON, by name of the rule. */
export type AlertState = Readonly<Record<string, RuleState>>;

/** Compares the frames of a video or camera, in the order of time, with rules. */
export interface AlertWatch {
  /** Returns the incidents that a frame completes. */
  add(frame: AlertFrame): readonly Incident[];
  /** State with which another watch continues. */
  state(): AlertState;
}

export interface AlertWatchOptions {
  readonly rules: readonly AlertRule[];
  /** Size of the frames in pixels. */
  readonly size: Size;
  /** Returns the instant that decides about the hours of a rule, in ms since 1970. */
  readonly instantOf: (at_ms: number) => number;
  /** State of an earlier watch that this one continues. */
  readonly state?: AlertState;
}

type Matcher = (frame: AlertFrame) => readonly StoredObject[];

const FRESH: RuleState = { incidents: 0 };

/**
 * Watches rules. Objects make one incident, when they have been seen for `duration_s`; they may be
 * missing for `quiet_s` in between. If that is outside of the hours and they are still seen when the
 * hours begin, they make another one. The incidents depend on the frames only, not on where a watch was
 * replaced by one with its state.
 */
export function watchAlerts({ rules, size, instantOf, state = {} }: AlertWatchOptions): AlertWatch {
  const states = new Map(rules.map(({ name }) => [name, state[name] ?? FRESH]));
  const matchers = rules.map((rule) => [rule, matcherOf(rule, size)] as const);

  const addTo = (rule: AlertRule, objects: readonly StoredObject[], frame: AlertFrame) => {
    const known = states.get(rule.name) ?? FRESH;
    const [next, incident] = step(rule, known, { ...frame, objects }, instantOf);
    states.set(rule.name, next);
    return incident ?? [];
  };
  return {
    add: (frame) => matchers.flatMap(([rule, match]) => addTo(rule, match(frame), frame)),
    state: () => Object.fromEntries(states),
  };
}

/** Returns the objects of a frame that match a rule; none if they are fewer than it needs. */
function matcherOf({ classes, conf, zone, count }: AlertRule, size: Size): Matcher {
  const border = zone && borderOf({ ...zone, kind: 'zone' }, size);
  return ({ objects }) => {
    const found = objects.filter(
      (object) =>
        object.conf >= conf &&
        (!classes || classes.includes(object.class)) &&
        (!border || border.depthOf(anchorOf(object.box)) > 0),
    );
    return found.length >= count ? found : [];
  };
}

/** Follows a rule by the matching objects of one frame. */
function step(
  rule: AlertRule,
  state: RuleState,
  matched: AlertFrame,
  instantOf: AlertWatchOptions['instantOf'],
): readonly [RuleState, Incident?] {
  const { at_ms, objects } = matched;
  const { presence: before, ...kept } = state;
  const isGone = before && at_ms - before.last_ms > rule.quiet_s * 1000;
  const open = isGone ? undefined : before;
  if (objects.length === 0) return [open ? { ...kept, presence: open } : kept];

  const presence = extend(open, matched);
  const isMet = at_ms - presence.started_ms >= rule.duration_s * 1000;
  const suppressed = suppressionOf(rule, state, at_ms, instantOf(at_ms));
  const isKnown =
    presence.reported === 'yes' || (presence.reported === 'hours' && suppressed === 'hours');
  if (isKnown || !isMet) return [{ ...kept, presence }];
  const reported = suppressed === 'hours' ? 'hours' : 'yes';
  const incidents = state.incidents + 1;
  const { last_ms: _last, reported: _reported, ...seen } = presence;
  return [
    {
      ...{ ...kept, incidents, presence: { ...presence, reported } },
      ...(suppressed === null && { sent_ms: at_ms }),
    },
    { ...seen, rule: rule.name, n: incidents, at_ms, suppressed },
  ];
}

function extend(presence: Presence | undefined, { frame, at_ms, objects }: AlertFrame): Presence {
  const confidence = Math.max(...objects.map(({ conf }) => conf));
  const isBest = !presence || confidence > presence.confidence;
  const classes = new Set([...(presence?.classes ?? []), ...objects.map((each) => each.class)]);
  return {
    started_ms: presence?.started_ms ?? at_ms,
    last_ms: at_ms,
    frame: isBest ? frame : presence.frame,
    classes: [...classes].sort(),
    confidence: isBest ? confidence : presence.confidence,
    objects: Math.max(presence?.objects ?? 0, objects.length),
    reported: presence?.reported ?? 'no',
  };
}

function suppressionOf(
  { hours, cooldown_s }: AlertRule,
  { sent_ms }: RuleState,
  at_ms: number,
  instant: number,
): Suppression | null {
  if (!isWithinHours(hours, instant)) return 'hours';
  const isCooling = sent_ms !== undefined && at_ms - sent_ms < cooldown_s * 1000;
  return isCooling ? 'cool_down' : null;
}

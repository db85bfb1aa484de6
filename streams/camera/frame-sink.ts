import { causeOf, type GapCause } from '../../domain/stream/gap.js';
import { createSlotStamper } from '../../domain/stream/slot-stamper.js';
import type { TimeSpan } from '../../domain/stream/slots.js';
import type { FrameNotice, StateNotice } from '../protocol.js';
import type { Outbox } from './outbox.js';

/** A decoded frame of a camera. */
export interface DecodedFrame extends Pick<
  FrameNotice,
  'arrival' | 'size' | 'content' | 'layout' | 'damaged' | 'cameraTime' | 'fps'
> {
  readonly pixels: Uint8Array;
}

/** How a frame is sent. */
export interface SendOptions {
  /** Arrival of the frame that it looks like; default: its own. */
  readonly scene?: number;
  /** Whether no newer frame may replace it. */
  readonly keep?: boolean;
}

/** Sends one frame of each slot of time, and explains the missing ones. */
export interface FrameSink {
  readonly state: StateNotice | undefined;
  readonly newest: DecodedFrame | undefined;
  /** Arrival of the oldest coded frame that may still be decoded. */
  readonly pendingFrom: number | undefined;
  /** Begins another state; the frames of the connection have ended unless it is live. */
  change(notice: StateNotice): void;
  /** Reports that a coded frame arrived, or that the frames of a file begin. */
  arrived(arrival: number): void;
  /** Sets the message of the live state; undefined: the usual one. */
  readonly note: (message: string | undefined) => void;
  /** Gives the cause of missing frames that arrived in a span of time. */
  explain(cause: GapCause, span: TimeSpan): void;
  add(frame: DecodedFrame, options?: SendOptions): void;
  /** Adds a frame that was not decoded, because it looks like those before and after it. */
  addStill(arrival: number, scene: number): void;
}

const SILENT = causeOf('camera_silent', 'The camera sent no frame in this time.');
const USUAL = { cause: SILENT, message: 'Frames are detected.' };
const UNDECODED = causeOf('undecodable', 'No frame could be decoded of what the camera sent.');

const ARRIVALS_MAX = 1000;

const touches = (span: TimeSpan, { from, to }: TimeSpan) => span.from < to && span.to >= from;

/** @param onLive reports the first frame of a connection. */
export function createFrameSink(outbox: Outbox, onLive: () => void): FrameSink {
  let state: StateNotice | undefined;
  let newest: DecodedFrame | undefined;
  let stamper = { fps: 0, ...createSlotStamper(1) };
  /** End of the last slot with a frame. */
  let filledTo = 0;
  /** Arrivals of the coded frames since then. */
  let unitArrivals: number[] = [];
  let explanation: { readonly cause: GapCause; readonly span: TimeSpan } | undefined;
  let live: Pick<StateNotice, 'cause' | 'message'> = USUAL;

  function change(notice: StateNotice): void {
    state = notice;
    explanation = undefined;
    outbox.sendState(notice);
  }

  /** Returns the slot that a frame fills, by the grid of its rate. */
  function fill(arrival: number, fps: number): TimeSpan | undefined {
    if (arrival < filledTo) return undefined;
    if (stamper.fps !== fps) stamper = { fps, ...createSlotStamper(fps) };
    return stamper.fill(arrival);
  }

  function causeBefore(slot: TimeSpan): GapCause {
    if (explanation && touches(explanation.span, { from: filledTo, to: slot.from })) {
      return explanation.cause;
    }
    const hasUnit = unitArrivals.some((arrival) => arrival < slot.from);
    return hasUnit ? UNDECODED : SILENT;
  }

  /** Frames that were in the decoder before the span come before the end of the explanation. */
  function forgetExplanation(arrival: number): void {
    if (explanation && arrival >= explanation.span.to) explanation = undefined;
  }

  function send(frame: DecodedFrame, pixels: Uint8Array | undefined, options: SendOptions): void {
    const { pixels: _, ...facts } = frame;
    const { arrival, fps } = frame;
    const slot = fill(arrival, fps);
    if (!slot) return;
    if (state?.state !== 'live') {
      change({ at: slot.from, state: 'live', ...live });
      filledTo = slot.from;
      onLive();
    }
    const losses = slot.from > filledTo ? [{ to: slot.from, cause: causeBefore(slot) }] : [];
    filledTo = slot.to;
    unitArrivals = unitArrivals.filter((unit) => unit >= slot.to);
    forgetExplanation(arrival);
    const { scene = arrival, keep = false } = options;
    outbox.sendFrame({ ...facts, scene, keep, losses }, pixels);
  }

  return {
    change(notice) {
      unitArrivals = [];
      change(notice);
    },
    arrived(arrival) {
      if (arrival >= filledTo && unitArrivals.length < ARRIVALS_MAX) unitArrivals.push(arrival);
    },
    note(message) {
      live = message === undefined ? USUAL : { cause: causeOf('camera_silent', message) };
      // Without an instant: frames that have not been sent belong to the time before.
      if (state?.state === 'live') outbox.sendState({ at: 0, state: 'live', ...live });
    },
    explain(cause, { from, to }) {
      explanation = { cause, span: { from: Math.min(from, explanation?.span.from ?? from), to } };
    },
    add(frame, options = {}) {
      newest = frame;
      send(frame, frame.pixels, options);
    },
    addStill(arrival, scene) {
      if (newest) send({ ...newest, arrival, cameraTime: null }, undefined, { scene, keep: true });
    },
    get state() {
      return state;
    },
    get pendingFrom() {
      return unitArrivals[0];
    },
    get newest() {
      return newest;
    },
  };
}

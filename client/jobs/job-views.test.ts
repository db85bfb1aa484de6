import { describe, expect, it } from 'vitest';
import { eventDocument } from '../../test/support/events.js';
import { factsOfEvent, jobOfEvent } from './job-views.js';

describe('factsOfEvent', () => {
  it('counts a job that has ended', () => {
    const event = eventDocument({ frames_done: 9, skipped: 1, objects: 40 });
    expect(factsOfEvent(event).counts).toEqual({ frames: 9, skipped: 1, objects: 40 });
  });

  it('knows no counts of a job that is running', () => {
    expect(factsOfEvent(eventDocument({ frames_done: 9 })).counts).toBeNull();
  });

  it.each([
    ['an older event', undefined, null],
    ['an event with a name', 'улица.mp4', 'улица.mp4'],
  ])('reads the name of the video from %s', (_, video_name, name) => {
    const event = eventDocument(video_name === undefined ? {} : { video_name });
    expect(factsOfEvent(event).video_name).toBe(name);
  });

  it('knows nothing before the event exists', () => {
    expect(Object.values(factsOfEvent(undefined))).toEqual([null, null, null, null, null]);
  });
});

it('lists a failed job with its reason', () => {
  const { error } = jobOfEvent(eventDocument({ status: 'failed', error: 'Not a video.' }));
  expect(error).toEqual({ code: 'JOB_FAILED', message: 'Not a video.' });
});

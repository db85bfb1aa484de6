import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { STILL_THRESHOLD } from '../domain/job/job-input.js';
import { normaliseArguments } from './arguments.js';
import {
  addDetectionOptions,
  type DetectionFlags,
  detectionOptionsOf,
  toCount,
} from './detection-options.js';

function parse(...args: string[]) {
  const command = addDetectionOptions(new Command()).exitOverride();
  command.configureOutput({ writeErr: () => undefined });
  command.parse(normaliseArguments(args), { from: 'user' });
  return detectionOptionsOf(command.opts<DetectionFlags>());
}

describe('detection options', () => {
  it.each<[string[], object]>([
    [[], {}],
    [['--every', '2'], { every: 2 }],
    [['--vid-stride', '2'], { every: 2 }],
    [['vid_stride=2'], { every: 2 }],
    [['--every=3', '--vid-stride=3'], { every: 3 }],
    [['--conf', '0'], { conf: 0 }],
    [['--iou', '0.7', '--max-det', '10'], { iou: 0.7, max_det: 10 }],
    [['--classes', '0,2'], { classes: ['0', '2'] }],
    [['classes=[0, 2]'], { classes: ['0', '2'] }],
    [['--classes', 'traffic light, car'], { classes: ['traffic light', 'car'] }],
    [['classes=["car"]'], { classes: ['car'] }],
    [['-m', 'yolov8n@2'], { model: 'yolov8n@2' }],
    [['--device', 'CPU'], { device: 'cpu' }],
    [['--device', '0'], { device: 'gpu' }],
    [['--device', 'cuda:1'], { device: 'gpu' }],
    [['--no-preprocess'], { preprocess: false }],
    [['--blur', '0'], { preprocess: { blur: 0 } }],
    [['--contrast', '1', '--brightness', '-5'], { preprocess: { contrast: 1, brightness: -5 } }],
    [['--frames', 'none'], { frames: 'none' }],
    [['--still'], { still: STILL_THRESHOLD }],
    [['--still', '--conf', '0.5'], { still: STILL_THRESHOLD, conf: 0.5 }],
    [['--still', '0'], { still: 0 }],
    [['--still=2.5'], { still: 2.5 }],
    [['still=true'], { still: STILL_THRESHOLD }],
    [['still=False'], { still: false }],
    [['--no-still'], { still: false }],
    [['--track', '0'], { track: 0 }],
    [['track=1'], { track: 1 }],
    [['--tracking'], { tracking: true }],
    [['--no-tracking'], { tracking: false }],
    [['tracking=true'], { tracking: true }],
  ])('%j', (args, expected) => {
    expect(parse(...args)).toEqual(expected);
  });

  it.each<[string[], RegExp]>([
    [['--every', 'two'], /Expected a number/],
    [['--conf', ''], /Expected a number/],
    [['--track', 'second'], /Expected a number/],
    [['--device', 'tpu'], /auto, cpu or gpu/],
    [['--classes', 'car,,bus'], /commas/],
    [['--frames', 'jpeg'], /objects, packed, none/],
    [['--still', 'cars.mp4'], /0 to 255\. To use --still without one/],
    [['--still', '256'], /0 to 255/],
    [['--still='], /0 to 255/],
    [['--blur', '5'], /--blur 0 or 3/],
    [['--every', '2', '--vid-stride', '3'], /give one of them/],
    [['--no-preprocess', '--contrast', '2'], /cannot be combined with --contrast/],
  ])('rejects %j', (args, message) => {
    expect(() => parse(...args)).toThrow(message);
  });
});

describe('toCount', () => {
  it('parses a whole number', () => {
    expect(toCount('20')).toBe(20);
  });

  it.each(['0', '-1', '1.5', 'abc', ''])('rejects %j', (text) => {
    expect(() => toCount(text)).toThrow(/whole number of at least 1/);
  });
});

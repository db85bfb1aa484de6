import { describe, expect, it } from 'vitest';
import type { Bbox, StoredObject } from '../detection.js';
import { diffObjects } from './diff-objects.js';

const object = (name: string, box: Bbox, conf = 0.5): StoredObject => ({ class: name, box, conf });

describe('diffObjects', () => {
  it('pairs an object with the one of its class that overlaps it most', () => {
    const a = object('car', [0, 0, 100, 100], 0.5);
    const near = object('car', [0, 0, 100, 80], 0.8);
    const nearest = object('car', [0, 0, 100, 90], 0.4);
    expect(diffObjects([a], [near, nearest])).toEqual({
      same: [{ a, b: nearest, overlap: 0.9, conf_change: -0.1 }],
      changed: [],
      vanished: [],
      appeared: [near],
    });
  });

  it('gives a contested object to the pair with more overlap', () => {
    const far = object('car', [0, 0, 100, 70]);
    const close = object('car', [0, 0, 100, 95]);
    const b = object('car', [0, 0, 100, 100]);
    const { same, vanished } = diffObjects([far, close], [b]);
    expect(same).toMatchObject([{ a: close, b }]);
    expect(vanished).toEqual([far]);
  });

  it('prefers the same class to more overlap with another class', () => {
    const a = object('car', [0, 0, 100, 100]);
    const truck = object('truck', [0, 0, 100, 100]);
    const car = object('car', [0, 0, 100, 60]);
    const { same, changed, appeared } = diffObjects([a], [truck, car]);
    expect(same).toMatchObject([{ a, b: car, overlap: 0.6 }]);
    expect(changed).toEqual([]);
    expect(appeared).toEqual([truck]);
  });

  it('reports another class at the same place as changed', () => {
    const a = object('car', [0, 0, 100, 100]);
    const b = object('truck', [0, 0, 100, 50]);
    expect(diffObjects([a], [b])).toMatchObject({
      ...{ same: [], vanished: [], appeared: [] },
      changed: [{ a, b, overlap: 0.5 }],
    });
  });

  it('reports boxes that overlap by less than half as vanished and appeared', () => {
    const a = object('car', [0, 0, 100, 100]);
    const b = object('car', [0, 0, 100, 49]);
    expect(diffObjects([a], [b])).toEqual({ same: [], changed: [], vanished: [a], appeared: [b] });
  });

  it('finds all objects of a frame the same as themselves, also equal ones and those without extent', () => {
    const objects = [
      object('car', [10, 10, 20, 20], 0.9),
      object('car', [10, 10, 20, 20], 0.9),
      object('bird', [5, 5, 5, 8], 0.3),
      object('bird', [7, 7, 7, 7], 0.3),
    ];
    const { same, ...others } = diffObjects(objects, structuredClone(objects));
    expect(others).toEqual({ changed: [], vanished: [], appeared: [] });
    expect(same.map(({ overlap, conf_change }) => [overlap, conf_change])).toEqual(
      objects.map(() => [1, 0]),
    );
  });
});

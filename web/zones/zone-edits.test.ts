import { expect, it } from 'vitest';
import { createZoneEdits } from './zone-edits.js';

const POINTS = [
  [0, 0],
  [1, 0],
  [1, 1],
] as const;

it('adds, changes and removes shapes, and undoes each of it', () => {
  let changes = 0;
  const edits = createZoneEdits([], () => changes++);
  const first = edits.add({ kind: 'zone', points: POINTS });
  const second = edits.add({ kind: 'zone', points: POINTS });
  expect(edits.shapes().map(({ name }) => name)).toEqual(['zone-1', 'zone-2']);
  expect(edits.selected()).toBe(second);
  edits.change({ ...first, name: 'room' }, 'name');
  edits.remove(second.id);
  expect(edits.shapes().map(({ name }) => name)).toEqual(['room']);
  expect(edits.selected()?.name).toBe('room');
  const names: string[][] = [];
  while (edits.canUndo()) {
    edits.undo();
    names.push(edits.shapes().map(({ name }) => name));
  }
  expect(names).toEqual([['room', 'zone-2'], ['zone-1', 'zone-2'], ['zone-1'], []]);
  edits.undo();
  expect(edits.shapes()).toEqual([]);
  expect(changes).toBe(8);
});

it('undoes consecutive changes of one step together', () => {
  const edits = createZoneEdits([], () => undefined);
  const shape = edits.add({ kind: 'zone', points: POINTS });
  for (const name of ['r', 'ro', 'roo', 'room']) edits.change({ ...shape, name }, 'name');
  edits.undo();
  expect(edits.shapes()).toEqual([shape]);
});

it('gives a new shape an id that no removed one had', () => {
  const edits = createZoneEdits([], () => undefined);
  const first = edits.add({ kind: 'line', points: POINTS.slice(0, 2) });
  edits.remove(first.id);
  expect(edits.add({ kind: 'line', points: POINTS.slice(0, 2) }).id).not.toBe(first.id);
});

import { expect, it } from 'vitest';
import { diffObjects, describeDiff, type ImageObject } from './object-diff.js';

const person: ImageObject = { class: 'person', box: [0, 0, 10, 20] };
const car: ImageObject = { class: 'car', box: [30, 5, 60, 25] };
const at = (object: ImageObject, x: number): ImageObject => ({
  ...object,
  box: [x, 0, x + 10, 20],
});
const as = (object: ImageObject, name: string): ImageObject => ({ ...object, class: name });

it.each<[string, readonly ImageObject[], readonly ImageObject[], string]>([
  ['equal objects', [person, car], [car, person], 'unchanged'],
  ['two empty lists', [], [], 'unchanged'],
  ['a moved box', [person, car], [at(person, 3), car], 'moved person'],
  ['a changed class', [person, car], [as(person, 'собака'), car], 'renamed person → собака'],
  ['a removed object', [person, car], [car], 'removed person'],
  ['the removal of all objects', [person, person], [], 'removed 2 × person'],
  ['added objects', [], [person, at(person, 9), car], 'added 2 × person, car'],
  ['a change of box and class', [person], [as(at(person, 3), 'dog')], 'added dog; removed person'],
  [
    'a move of one of two objects of a class',
    [person, at(person, 50)],
    [person, at(person, 55)],
    'moved person',
  ],
  [
    'several changes',
    [person, car],
    [at(person, 3), as(car, 'bus'), at(person, 70)],
    'moved person; renamed car → bus; added person',
  ],
])('describes %s', (_, found, corrected, text) => {
  expect(describeDiff(diffObjects(found, corrected))).toBe(text);
});

import { expect, it } from 'vitest';
import { correctionOf, describeCorrection, type SeenObject } from './correction.js';

const person: SeenObject = { class: 'person', box: [0, 0, 10, 20] };
const car: SeenObject = { class: 'car', box: [30, 5, 60, 25] };
const at = (object: SeenObject, x: number): SeenObject => ({ ...object, box: [x, 0, x + 10, 20] });
const as = (object: SeenObject, name: string): SeenObject => ({ ...object, class: name });

it.each<[string, readonly SeenObject[], readonly SeenObject[], string]>([
  ['nothing', [person, car], [car, person], 'right as it was'],
  ['nothing of nothing', [], [], 'right as it was'],
  ['a box', [person, car], [at(person, 3), car], 'moved person'],
  ['a class', [person, car], [as(person, 'собака'), car], 'renamed person → собака'],
  ['an object too many', [person, car], [car], 'removed person'],
  ['all objects', [person, person], [], 'removed 2 × person'],
  ['objects that are missing', [], [person, at(person, 9), car], 'added 2 × person, car'],
  ['box and class', [person], [as(at(person, 3), 'dog')], 'added dog; removed person'],
  ['one of two alike', [person, at(person, 50)], [person, at(person, 55)], 'moved person'],
  [
    'several things',
    [person, car],
    [at(person, 3), as(car, 'bus'), at(person, 70)],
    'moved person; renamed car → bus; added person',
  ],
])('tells how a person corrected %s', (_, found, seen, words) => {
  expect(describeCorrection(correctionOf(found, seen))).toBe(words);
});

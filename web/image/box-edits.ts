import type { Box } from './box-geometry.js';
import type { SeenObject } from './correction.js';

/** An object under correction; its id holds for as long as it is corrected. */
export interface EditedObject extends SeenObject {
  readonly id: number;
}

/** Objects of a picture that a person changes, and which of them is chosen. */
export interface BoxEdits {
  readonly objects: () => readonly EditedObject[];
  readonly chosen: () => EditedObject | undefined;
  choose(id: number | undefined): void;
  /** Adds an object and chooses it. */
  add(object: SeenObject): EditedObject;
  /** Gives an object another place or another class. */
  change(id: number, to: Partial<SeenObject>): void;
  /** Removes an object, and chooses the next one. */
  remove(id: number): void;
}

/** @param onChange called after each change, also of the choice. */
export function createBoxEdits(found: readonly SeenObject[], onChange: () => void): BoxEdits {
  let objects: readonly EditedObject[] = found.map((object, id) => ({ ...copyOf(object), id }));
  let nextId = objects.length;
  let chosenId: number | undefined;
  const choose = (id: number | undefined) => {
    if (id === chosenId) return;
    chosenId = id;
    onChange();
  };
  return {
    objects: () => objects,
    chosen: () => objects.find(({ id }) => id === chosenId),
    choose,
    add: (object) => {
      const added = { ...object, id: nextId++ };
      objects = [...objects, added];
      choose(added.id);
      return added;
    },
    change: (id, to) => {
      objects = objects.map((object) => (object.id === id ? { ...object, ...to } : object));
      onChange();
    },
    remove: (id) => {
      const at = objects.findIndex((object) => object.id === id);
      objects = objects.filter((object) => object.id !== id);
      chosenId = (objects[at] ?? objects.at(-1))?.id;
      onChange();
    },
  };
}

function copyOf({ class: name, box }: SeenObject): { class: string; box: Box } {
  return { class: name, box };
}

import { element, fill } from '../dom.js';
import type { Draft } from './zone-layer.js';
import { shapeColour } from './zone-layer.js';
import type { Shape } from './zone-shapes.js';

type Kind = Shape['kind'];

interface ZoneToolsOptions {
  /** By pointer, the next clicks draw a shape; by keyboard, a shape is added immediately. */
  readonly onNew: (kind: Kind, byKeyboard: boolean) => void;
  /** Ends the shape that is being drawn. */
  readonly onEnd: (isKept: boolean) => void;
  readonly onUndo: () => void;
  readonly onSelect: (id: number) => void;
  readonly onRename: (shape: Shape, name: string) => void;
  readonly onReverse: (shape: Shape) => void;
  readonly onRemove: (shape: Shape) => void;
  readonly onSave: () => void;
  readonly onCancel: () => void;
}

interface ToolsState {
  readonly shapes: readonly Shape[];
  readonly selectedId: number | undefined;
  readonly draft: Draft | undefined;
  readonly canUndo: boolean;
}

interface ZoneTools {
  readonly root: HTMLElement;
  update(state: ToolsState): void;
  focusName(id: number): void;
  readonly focusNew: () => void;
  /** Shows why the shapes cannot be stored; an empty text removes it. */
  showError(text: string): void;
  setBusy(isBusy: boolean): void;
}

const HELP =
  'Drag a corner to move it, or a shape to move all of it. Keys: arrows move the focused corner, ' +
  'Shift + arrows its shape, with Ctrl by one pixel, Delete removes. The arrow of a line shows “in”.';
const DRAW: Readonly<Record<Kind, string>> = {
  zone: 'Click or tap each corner on the video, then the first one again, or Finish. Escape discards.',
  line: 'Click or tap the start and the end on the video. Objects that move along the arrow count as “in”.',
};

/** Buttons, list of shapes and messages of the editor of zones. */
export function zoneTools(options: ZoneToolsOptions): ZoneTools {
  const { onNew, onEnd, onUndo, onSave, onCancel } = options;
  const button = (text: string, kind: string, onclick: (event: Event) => void) =>
    element('button', { class: `btn btn-sm ${kind}`, type: 'button', onclick }, text);
  const isByKeyboard = (event: Event) => event instanceof MouseEvent && event.detail === 0;
  const drawButton = (kind: Kind) =>
    button(`New ${kind}`, 'btn-outline-secondary', (event) => onNew(kind, isByKeyboard(event)));
  const news = { zone: drawButton('zone'), line: drawButton('line') };
  const finish = button('Finish', 'btn-outline-secondary', () => onEnd(true));
  const undo = button('Undo', 'btn-outline-secondary', onUndo);
  const save = button('Save zones', 'btn-primary', onSave);
  const cancel = button('Cancel', 'btn-outline-secondary', onCancel);
  const help = element('p', { class: 'zone-help', role: 'status' });
  const error = element('p', { class: 'box-error', role: 'alert' });
  const list = element('ul', { class: 'zone-list', 'aria-label': 'Zones and lines' });
  const rows = new Map<number, ShapeRow>();
  const updateRows = ({ shapes, selectedId }: ToolsState) => {
    for (const [index, shape] of shapes.entries()) {
      const row = rows.get(shape.id) ?? shapeRow(shape.id, options);
      rows.set(shape.id, row);
      row.update(shape, index, shape.id === selectedId);
    }
    for (const id of rows.keys()) if (!shapes.some((shape) => shape.id === id)) rows.delete(id);
    const roots = shapes.map(({ id }) => rows.get(id)!.root); // set above
    if (
      roots.some((root, i) => root !== list.children[i]) ||
      roots.length !== list.children.length
    ) {
      list.replaceChildren(...roots);
    }
  };
  const root = element(
    'div',
    { class: 'zone-tools', role: 'group', 'aria-label': 'Editor of zones and lines' },
    element('div', { class: 'button-row' }, news.zone, news.line, finish, undo),
    help,
    list,
    error,
    element('div', { class: 'button-row' }, save, cancel),
  );
  return {
    root,
    update: (state) => {
      for (const kind of ['zone', 'line'] as const) {
        const isOn = state.draft?.kind === kind;
        news[kind].setAttribute('aria-pressed', String(isOn));
        news[kind].classList.toggle('active', isOn);
      }
      finish.hidden = state.draft?.kind !== 'zone' || state.draft.points.length < 3;
      undo.setAttribute('aria-disabled', String(!state.canUndo));
      undo.classList.toggle('disabled', !state.canUndo);
      const text = state.draft ? DRAW[state.draft.kind] : HELP;
      if (help.textContent !== text) fill(help, text);
      updateRows(state);
    },
    focusName: (id) => rows.get(id)?.focusName(),
    focusNew: () => news.zone.focus(),
    showError: (text) => fill(error, text),
    setBusy: (isBusy) => {
      for (const each of [save, cancel, news.zone, news.line]) each.disabled = isBusy;
    },
  };
}

interface ShapeRow {
  readonly root: HTMLElement;
  update(shape: Shape, index: number, isSelected: boolean): void;
  focusName(): void;
}

function shapeRow(id: number, options: ZoneToolsOptions): ShapeRow {
  const { onSelect, onRename, onReverse, onRemove } = options;
  let shape: Shape | undefined;
  const act = (change: (now: Shape) => void) => () => {
    if (shape) change(shape);
  };
  const attributes = { type: 'button', class: 'btn btn-sm btn-outline-secondary' };
  const name = element('input', {
    ...{ class: 'form-control form-control-sm', maxlength: 128, autocomplete: 'off' },
    ...{ spellcheck: 'false' },
  });
  name.addEventListener('focus', () => onSelect(id));
  name.addEventListener('input', () => {
    if (shape) onRename(shape, name.value.trim());
  });
  const reverse = element('button', { ...attributes, onclick: act(onReverse) }, 'Reverse');
  const remove = element('button', { ...attributes, onclick: act(onRemove) }, 'Delete');
  const kind = element('span', { class: 'zone-kind' });
  const root = element('li', { class: 'zone-row' }, kind, name, reverse, remove);
  return {
    root,
    focusName: () => {
      name.focus();
      name.select();
    },
    update: (next, index, isSelected) => {
      shape = next;
      fill(kind, next.kind);
      root.style.setProperty('--zone-colour', shapeColour(index));
      root.classList.toggle('is-selected', isSelected);
      reverse.hidden = next.kind !== 'line';
      name.setAttribute('aria-label', `Name of ${next.kind} ${index + 1}`);
      reverse.setAttribute('aria-label', `Reverse the direction of ${next.name}`);
      remove.setAttribute('aria-label', `Delete ${next.name}`);
      if (document.activeElement !== name) name.value = next.name;
    },
  };
}

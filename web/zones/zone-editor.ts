import type { ZoneOrLine } from '../../api/types.js';
import { messageOf } from '../api/request.js';
import type { Extent, Point } from '../image/box-geometry.js';
import { createZoneEdits } from './zone-edits.js';
import { handleZoneKeys } from './zone-keys.js';
import { type Draft, zoneLayer } from './zone-layer.js';
import { handleZonePointer } from './zone-pointer.js';
import { centredPoints, findProblem, type Shape, shapesOf, zonesOf } from './zone-shapes.js';
import { zoneTools } from './zone-tools.js';

interface ZoneEditorOptions {
  /** Size of the frames in pixels. */
  readonly extent: Extent;
  readonly zones: readonly ZoneOrLine[];
  /** Stores the zones; if it throws, the editor shows the error and stays open. */
  readonly onSave: (zones: readonly ZoneOrLine[]) => Promise<void>;
  readonly onCancel: () => void;
}

interface ZoneEditor {
  /** Layer to place over the video. */
  readonly layer: HTMLElement;
  readonly tools: HTMLElement;
  /** Adds a shape, as its button does. */
  readonly begin: (kind: Shape['kind'], byKeyboard: boolean) => void;
}

/** Editor of zones and lines on a video. */
export function zoneEditor({ extent, zones, onSave, onCancel }: ZoneEditorOptions): ZoneEditor {
  const layer = zoneLayer(extent);
  let draft: Draft | undefined;
  const edits = createZoneEdits(shapesOf(zones), () => draw());
  const draw = () => {
    const shapes = edits.shapes();
    const selectedId = edits.selected()?.id;
    layer.edit({ shapes, selectedId, draft });
    tools.update({ shapes, selectedId, draft, canUndo: draft !== undefined || edits.canUndo() });
    tools.showError('');
  };
  const setDraft = (next: Draft | undefined) => {
    draft = next;
    draw();
  };
  const finish = (shape: Pick<Shape, 'kind' | 'points'>) => {
    draft = undefined;
    tools.focusName(edits.add(shape).id);
  };
  const addPoint = (point: Point) => {
    if (!draft) return;
    const { kind, points } = draft;
    const next = { kind, points: [...points, point] };
    if (kind === 'line' && next.points.length === 2) finish(next);
    else setDraft(next);
  };
  const canFinish = () => draft?.kind === 'zone' && draft.points.length > 2;
  const endDraft = (isKept: boolean) => {
    if (isKept && draft && canFinish()) finish(draft);
    else setDraft(undefined);
  };
  const begin = (kind: Shape['kind'], byKeyboard: boolean) => {
    if (byKeyboard) {
      draft = undefined;
      layer.focusCorner(edits.add({ kind, points: centredPoints(kind, extent) }).id, 0);
    } else {
      setDraft(draft?.kind === kind ? undefined : { kind, points: [] });
      layer.root.scrollIntoView({ block: 'nearest' });
    }
  };
  const undo = () => {
    if (!draft) return edits.undo();
    const points = draft.points.slice(0, -1);
    setDraft(draft.points.length > 0 ? { ...draft, points } : undefined);
  };
  const save = async () => {
    const problem = findProblem(edits.shapes());
    if (problem) {
      edits.select(problem.id);
      tools.showError(problem.text);
      return tools.focusName(problem.id);
    }
    tools.setBusy(true);
    try {
      await onSave(zonesOf(edits.shapes()));
    } catch (error) {
      tools.showError(messageOf(error));
    } finally {
      tools.setBusy(false);
    }
  };
  const tools = zoneTools({
    ...{ onNew: begin, onEnd: endDraft, onUndo: undo, onCancel },
    onSelect: edits.select,
    onRename: (shape, name) => edits.change({ ...shape, name }, 'name'),
    onReverse: (shape) => edits.change({ ...shape, points: shape.points.toReversed() }, 'reverse'),
    onRemove: (shape) => {
      edits.remove(shape.id);
      tools.focusNew();
    },
    onSave: () => void save(),
  });
  handleZonePointer(layer.root, edits, {
    ...{ extent, draft: () => draft, onPoint: addPoint },
    onClose: () => endDraft(true),
    onFocus: layer.focusCorner,
  });
  handleZoneKeys([layer.root, tools.root], edits, {
    ...{ extent, onEnd: endDraft, onUndo: undo, isDrawing: () => draft !== undefined },
    canFinish,
    ...{ onRemoved: tools.focusNew, onFocus: layer.focusCorner },
  });
  layer.root.addEventListener('click', (event) => event.stopPropagation()); // the video would play
  draw();
  return { layer: layer.root, tools: tools.root, begin };
}

import type { ResultHeader, ZoneEvent, ZoneOrLine, ZoneSet } from '../../api/types.js';
import { messageOf } from '../api/request.js';
import {
  deleteZoneSet,
  getZoneReport,
  listZoneSets,
  putZoneSet,
  type ZonesVideo,
} from '../api/zones.js';
import { element, fill } from '../dom.js';
import { errorState, loadingState } from '../parts/states.js';
import { showNameDialog } from './name-dialog.js';
import { noTracksNotice } from './no-tracks.js';
import { zoneEditor } from './zone-editor.js';
import { shapeColour, zoneLayer } from './zone-layer.js';
import { zoneReport } from './zone-report.js';
import { type Shape, shapesOf } from './zone-shapes.js';
import { noZones, zonesHead } from './zones-head.js';

interface ZonesViewOptions {
  readonly eventId: string;
  readonly stage: HTMLElement;
  readonly video: HTMLVideoElement;
  /** Element that the view fills. */
  readonly body: HTMLElement;
  /** Milliseconds from the start of what is shown. */
  readonly timeMs: () => number;
  readonly onEvent: (event: ZoneEvent) => void;
  /** Called with the events of the zones that are shown. */
  readonly onEvents: (events: readonly ZoneEvent[]) => void;
  readonly signal: AbortSignal;
}

interface ZonesView {
  /** Reads the zones of the video and shows them. */
  readonly load: () => Promise<void>;
  readonly colourOf: (zone: string) => string;
}

/** Name of the first zones of a video. */
const FIRST_NAME = 'default';

/** View of the zones of the video of a result, with an editor. */
export function zonesView(result: ResultHeader, options: ZonesViewOptions): ZonesView {
  const { eventId, stage, video, body, timeMs, onEvent, onEvents, signal } = options;
  const extent = result.video.size;
  const ofVideo: ZonesVideo = { videoId: result.video_id, bucket: result.video.bucket };
  const layer = zoneLayer(extent);
  stage.append(layer.root);
  let sets: readonly ZoneSet[] = [];
  let shown: readonly ZoneOrLine[] = [];
  let showTime: (timeMs: number) => void = () => undefined;
  for (const name of ['timeupdate', 'seeked']) {
    video.addEventListener(name, () => showTime(timeMs()), { signal });
  }
  const colourOf = (zone: string) => shapeColour(shown.findIndex(({ name }) => name === zone));
  const showZones = (zones: readonly ZoneOrLine[]) => {
    shown = zones;
    layer.show(shapesOf(zones));
  };
  const load = async (select?: string) => {
    fill(body, loadingState('Loading the zones'));
    try {
      sets = await listZoneSets(ofVideo, signal);
      showSet(sets.find(({ name }) => name === select) ?? sets[0]);
    } catch (error) {
      if (!signal.aborted)
        fill(
          body,
          errorState(messageOf(error), () => void load(select)),
        );
    }
  };
  const showSet = (set: ZoneSet | undefined) => {
    onEvents([]);
    showTime = () => undefined;
    showZones(set?.zones ?? []);
    if (!set)
      return fill(
        body,
        noZones((kind, byKeyboard) => edit(FIRST_NAME, [], { kind, byKeyboard })),
      );
    const counts = element('div', { class: 'zone-counts' });
    const head = zonesHead(sets, set.name, {
      onSelect: (name) => showSet(sets.find((each) => each.name === name)),
      onEdit: () => edit(set.name, set.zones),
      onNew: () => void editNew(),
    });
    fill(body, head, counts);
    if (result.parameters.tracking) void count(set.name, counts);
    else fill(counts, noTracksNotice(eventId));
  };
  const count = async (name: string, counts: HTMLElement) => {
    fill(counts, loadingState('Counting'));
    try {
      const report = await getZoneReport(eventId, name, signal);
      if (!counts.isConnected) return; // other zones were selected
      const view = zoneReport(report, { eventId, name, colourOf, onEvent });
      fill(counts, view.root);
      onEvents(report.events);
      ({ showTime } = view);
      showTime(timeMs());
    } catch (error) {
      if (signal.aborted) return;
      fill(
        counts,
        errorState(messageOf(error), () => void count(name, counts)),
      );
    }
  };
  const editNew = async () => {
    const name = await showNameDialog(sets.map((set) => set.name));
    if (name !== undefined) edit(name, []);
  };
  const edit = (
    name: string,
    zones: readonly ZoneOrLine[],
    first?: { readonly kind: Shape['kind']; readonly byKeyboard: boolean },
  ) => {
    video.pause();
    onEvents([]);
    const close = () => {
      editor.layer.remove();
      stage.append(layer.root);
    };
    const editor = zoneEditor({
      ...{ extent, zones },
      onSave: async (next) => {
        if (next.length > 0) await putZoneSet(ofVideo, name, next);
        else await deleteZoneSet(ofVideo, name);
        close();
        await load(name);
      },
      onCancel: () => {
        close();
        showSet(sets.find((set) => set.name === name) ?? sets[0]);
      },
    });
    layer.root.replaceWith(editor.layer);
    const title = element('h2', { class: 'zones-title' }, `Edit zones and lines: ${name}`);
    fill(body, title, editor.tools);
    if (first) editor.begin(first.kind, first.byKeyboard);
  };
  return { load, colourOf };
}

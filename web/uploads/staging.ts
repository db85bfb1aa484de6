import { countVideoTracks } from '../../domain/video/count-video-tracks.js';
import { element } from '../dom.js';
import { refuseFile } from './refuse-file.js';
import { isSameFile } from './remembered-uploads.js';
import { type StagedVideo, stagedRow } from './staged-row.js';

export interface Staging {
  readonly root: HTMLElement;
  /** Stages the files that may be videos, and shows why the others cannot be. */
  readonly addFiles: (files: readonly File[]) => Promise<void>;
  readonly add: (video: StagedVideo) => void;
  readonly count: () => number;
  /** Number of video tracks that each staged video has, as far as it is known; at least 1. */
  readonly tracks: () => number;
  /** Removes and returns all staged videos. */
  readonly takeAll: () => readonly StagedVideo[];
  /** Called with the number of staged videos after each change. */
  onChange: (count: number) => void;
}

/** List of the videos that wait for their options. */
export function createStaging(): Staging {
  const rows = new Map<StagedVideo, ReturnType<typeof stagedRow>>();
  const refused = element('div', { class: 'refused', role: 'alert' });
  const list = element('div', { class: 'staged-list' });
  const remove = (video: StagedVideo) => {
    rows.get(video)?.remove();
    rows.delete(video);
    staging.onChange(rows.size);
  };
  const add = (video: StagedVideo) => {
    const row = stagedRow(video, () => remove(video));
    rows.set(video, row);
    list.append(row.root);
    staging.onChange(rows.size);
  };
  const addFile = async (file: File) => {
    const [reason, tracks] = await Promise.all([refuseFile(file), tracksOf(file)]);
    const isStaged = [...rows.keys()].some((video) => video.file && isSameFile(video.file, file));
    if (reason !== undefined) refused.append(element('p', {}, reason));
    else if (!isStaged) add({ name: file.name, file, tracks });
  };
  const staging: Staging = {
    root: element('div', {}, refused, list),
    add,
    count: () => rows.size,
    tracks: () => {
      const counts = [...rows.keys()].map(({ tracks = 1 }) => tracks);
      return counts.length > 0 ? Math.max(1, Math.min(...counts)) : 1;
    },
    addFiles: async (files) => {
      refused.replaceChildren();
      for (const file of files) await addFile(file);
    },
    takeAll: () => {
      const videos = [...rows.keys()];
      for (const video of videos) remove(video);
      return videos;
    },
    onChange: () => undefined,
  };
  return staging;
}

/** Counts the video tracks of a file; 1 if its container is unknown. */
async function tracksOf(file: File): Promise<number> {
  const read = async (offset: number, length: number) =>
    new Uint8Array(await file.slice(offset, offset + length).arrayBuffer());
  return (await countVideoTracks(read, file.size)) ?? 1;
}

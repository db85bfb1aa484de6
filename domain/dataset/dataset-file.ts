import type { DatasetImage, DatasetItem } from './dataset-item.js';
import type { DatasetManifest } from './dataset-manifest.js';

/** File of an export: a text in pieces, or an image; or an empty folder, whose name ends with "/". */
export type DatasetFile =
  | { readonly name: string; readonly text?: undefined; readonly image?: undefined }
  | {
      readonly name: string;
      readonly text: string | AsyncIterable<string>;
      readonly image?: undefined;
    }
  | { readonly name: string; readonly image: DatasetImage; readonly text?: undefined };

/** A version as exports read it; its items can be read several times. */
export interface DatasetSource {
  readonly manifest: DatasetManifest;
  readonly items: () => AsyncIterable<DatasetItem>;
}

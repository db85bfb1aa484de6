import { messageOf } from '../api/request.js';
import { listModels } from '../api/system.js';
import { element } from '../dom.js';
import { errorState, loadingState } from '../parts/states.js';
import {
  type InitialOptions,
  type JobOptions,
  jobOptions,
  type OptionsForm,
} from './job-options.js';

interface LoadedOptions {
  readonly root: HTMLElement;
  /** Returns the options; undefined until the models are loaded. */
  readonly read: () => JobOptions | undefined;
  /** Offers the video tracks of the videos. @param tracks number that each of them has */
  readonly offerTracks: (tracks: number) => void;
}

/**
 * Fields of a job's options, which appear when the models are loaded.
 * @param onLoaded called when `read` returns the options
 */
export function loadOptions(initial: InitialOptions, onLoaded: () => void): LoadedOptions {
  const root = element('div', {});
  let form: OptionsForm | undefined;
  let offered = 0;
  const load = async () => {
    root.replaceChildren(loadingState('Loading models'));
    try {
      form = jobOptions(await listModels(), initial);
      form.offerTracks(offered);
      root.replaceChildren(form.root);
      onLoaded();
    } catch (error) {
      root.replaceChildren(errorState(messageOf(error), () => void load()));
    }
  };
  void load();
  const offerTracks = (tracks: number) => {
    offered = tracks;
    form?.offerTracks(tracks);
  };
  return { root, read: () => form?.read(), offerTracks };
}

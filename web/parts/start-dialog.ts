import { messageOf } from '../api/request.js';
import { element, fill } from '../dom.js';
import { showFormDialog } from './form-dialog.js';

interface StartForm {
  readonly root: HTMLElement;
  /** Starts what the form describes. @returns its id */
  readonly send: () => Promise<string>;
}

interface StartDialogOptions<T> {
  readonly title: string;
  /** Name of what is loaded, such as `models`. */
  readonly needs: string;
  readonly load: () => Promise<T>;
  /** Returns the form, or the reason why nothing can be started. */
  readonly createForm: (loaded: T) => StartForm | string;
}

/**
 * Shows a dialog whose form appears when what it needs is loaded.
 * @returns id of what was started; undefined if the user cancels
 */
export async function showStartForm<T>({
  title,
  needs,
  load,
  createForm,
}: StartDialogOptions<T>): Promise<string | undefined> {
  const submit = element('button', { class: 'btn btn-primary', disabled: true }, 'Start');
  const content = element('div', {}, `Loading the ${needs} …`);
  let send = (): Promise<string> => Promise.reject(new Error(`The ${needs} are not loaded yet.`));
  void load().then(
    (loaded) => {
      const form = createForm(loaded);
      if (typeof form === 'string') return fill(content, form);
      fill(content, form.root);
      send = form.send;
      submit.disabled = false;
    },
    (error: unknown) => fill(content, messageOf(error)),
  );
  let started: string | undefined;
  await showFormDialog({
    ...{ title, content: [content], submit },
    send: async () => {
      started = await send();
    },
  });
  return started;
}

import type { Stream } from '../../api/types.js';
import { messageOf } from '../api/request.js';
import { controlStream, deleteStream, deployStream, type StreamAction } from '../api/streams.js';
import { listModels } from '../api/system.js';
import { element } from '../dom.js';
import { confirm } from '../parts/confirm.js';
import { showMessage } from '../parts/messages.js';
import { showChangeDialog } from './change-dialog.js';
import { nameOf } from './stream-text.js';

interface CameraActionsOptions {
  /** Called after each action. */
  readonly onChanged: () => void;
  /** Called after the scenario was deleted. */
  readonly onDeleted: () => void;
}

/** Buttons of what can be done with a camera in its state. */
export function cameraActions(
  stream: Stream,
  { onChanged, onDeleted }: CameraActionsOptions,
): readonly HTMLElement[] {
  const { scenario_uuid: uuid, state, ended_at, parameters } = stream;
  const control = (action: StreamAction) => async () => void (await controlStream(uuid, action));
  const button = (label: string, work: () => Promise<void>) =>
    actionButton(label, nameOf(stream), work, onChanged);
  const remove = button('Delete', async () => {
    if (!(await confirmDelete(stream))) return;
    await deleteStream(uuid);
    onDeleted();
  });
  if (ended_at !== null) {
    const start = button('Start again', async () => {
      await deployStream(withoutNull({ ...parameters }));
    });
    return parameters ? [start, remove] : [remove];
  }
  if (state === 'stopped') return [remove]; // it is being stopped
  const stop = button('Stop', async () => {
    if (await confirmStop(stream)) await controlStream(uuid, 'stop');
  });
  const change = button('Change', async () => showChangeDialog(stream, await listModels()));
  const toggle =
    state === 'paused' ? button('Resume', control('resume')) : button('Pause', control('pause'));
  return [toggle, ...(parameters ? [change] : []), stop, remove];
}

/** Removes parameters that are not set: null in documents of FerretDB. */
const withoutNull = (parameters: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== null));

function actionButton(
  label: string,
  name: string,
  work: () => Promise<void>,
  onChanged: () => void,
): HTMLElement {
  const attributes = {
    class: 'btn btn-sm btn-outline-secondary',
    'aria-label': `${label} ${name}`,
  };
  const button = element('button', attributes, label);
  const act = async () => {
    button.disabled = true;
    try {
      await work();
    } catch (error) {
      showMessage(messageOf(error), 'error');
    }
    button.disabled = false;
    onChanged();
  };
  button.addEventListener('click', () => void act());
  return button;
}

const confirmStop = (stream: Stream) =>
  confirm({
    title: `Stop ${nameOf(stream)}?`,
    text: 'The camera is disconnected and its slot becomes free. Its results, events and clips are kept.',
    ...{ keep: 'Keep running', action: 'Stop' },
  });

const confirmDelete = (stream: Stream) =>
  confirm({
    title: `Delete ${nameOf(stream)}?`,
    text: 'The camera is stopped, and all of its results, events and clips are deleted. This cannot be undone.',
    ...{ keep: 'Keep', action: 'Delete' },
  });

import type { Model, Stream } from '../../api/types.js';
import { changeStream } from '../api/streams.js';
import { element } from '../dom.js';
import { showFormDialog } from '../parts/form-dialog.js';
import { changeOf } from './change-of.js';
import { detectionFields } from './detection-fields.js';
import { ruleList } from './rule-list.js';
import { nameOf } from './stream-text.js';
import { zoneFields } from './zone-fields.js';

/**
 * Changes the parameters of a scenario, of which only those that differ are sent. The dialog stays
 * open while the API rejects them. Resolves when it is closed.
 */
export function showChangeDialog(stream: Stream, models: readonly Model[]): Promise<void> {
  const parameters = parametersOf(stream);
  const detection = detectionFields(models, parameters, (classes) => rules.offer(classes));
  const rules = ruleList(detection.classes(), parameters);
  const zones = zoneFields(parameters, true);
  const read = () => ({ ...detection.read(), ...zones.read(), ...rules.read() });
  const before = read();
  return showFormDialog({
    title: `Change ${nameOf(stream)}`,
    content: [
      element('p', { class: 'text-body-secondary' }, 'The camera keeps running.'),
      detection.root,
      element('h3', {}, 'Tracks and zones'),
      zones.root,
      element('h3', {}, 'Events'),
      rules.root,
    ],
    submit: element('button', { class: 'btn btn-primary' }, 'Save'),
    send: async () => {
      const change = changeOf(before, read());
      if (Object.keys(change).length > 0) await changeStream(stream.scenario_uuid, change);
    },
  });
}

/** Parameters of a scenario, with the version of its model. */
function parametersOf({ parameters, model }: Stream) {
  return { ...parameters, ...(model && { model: `${model.name}@${model.version}` }) };
}

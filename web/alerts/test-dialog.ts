import type { Alert, AlertChannel } from '../../api/types.js';
import { testChannel } from '../api/alerts.js';
import { element, fill } from '../dom.js';
import { field, selectInput } from '../parts/fields.js';
import { showFormDialog } from '../parts/form-dialog.js';
import { showMessage } from '../parts/messages.js';
import { CHANNELS, describeDelivery } from './alert-text.js';

type Kind = AlertChannel['kind'];

/** What a receiver of each kind is, and an example. */
const RECEIVERS: Readonly<Record<Kind, readonly [label: string, example: string]>> = {
  webhook: ['URL', 'https://example.com/hooks/vidette'],
  ntfy: ['Topic', 'garage-7f3k'],
  email: ['Address', 'ada@example.com'],
};
const KINDS = Object.entries(CHANNELS);

/** Asks for a channel and sends a test to it; an error stays in the dialog. */
export function showTestDialog(onSent: () => void): void {
  const kind = selectInput(KINDS);
  const receiver = element('input', { class: 'form-control', required: true });
  const receiverField = element('div', {});
  const draw = () => {
    const [label, example] = RECEIVERS[kind.value as Kind]; // an option per kind
    receiver.placeholder = example;
    fill(receiverField, field(label, receiver));
  };
  kind.addEventListener('change', draw);
  draw();
  const introduction =
    'Sends one message by the same workers that send alerts. A refusal is shown here and in the list.';
  void showFormDialog({
    title: 'Send a test',
    content: [
      element('p', { class: 'text-body-secondary' }, introduction),
      element('div', { class: 'options-grid' }, field('Channel', kind), receiverField),
    ],
    submit: element('button', { class: 'btn btn-primary' }, 'Send'),
    send: async () => {
      const alert = await testChannel(channelOf(kind.value as Kind, receiver.value.trim()));
      onSent();
      expectSent(alert);
      showMessage('The test was sent.');
    },
  });
}

function channelOf(kind: Kind, receiver: string): AlertChannel {
  if (kind === 'webhook') return { kind, url: receiver };
  return kind === 'ntfy' ? { kind, topic: receiver } : { kind, to: receiver };
}

/** @throws Error with the state of the delivery. */
function expectSent({ status, deliveries }: Alert): void {
  if (status !== 'sent') throw new Error(deliveries.map(describeDelivery).join(' '));
}

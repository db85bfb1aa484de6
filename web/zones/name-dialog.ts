import { element } from '../dom.js';
import { field } from '../parts/fields.js';
import { showFormDialog } from '../parts/form-dialog.js';

/** Asks for the name of new zones. @returns the name; undefined if the user cancels */
export async function showNameDialog(used: readonly string[]): Promise<string | undefined> {
  const name = element('input', {
    ...{ class: 'form-control', required: true, maxlength: 128, autocomplete: 'off' },
    ...{ pattern: '[A-Za-z0-9_\\-]+', title: 'Letters, digits, “_” or “-”' },
  });
  let chosen: string | undefined;
  await showFormDialog({
    title: 'Zones under another name',
    content: [
      element(
        'p',
        { class: 'text-body-secondary' },
        'Several sets of zones of one video are counted apart.',
      ),
      field('Name', name),
    ],
    submit: element('button', { class: 'btn btn-primary' }, 'Draw zones'),
    send: () => {
      if (used.includes(name.value)) {
        return Promise.reject(new Error(`The video has zones named ${name.value} already.`));
      }
      chosen = name.value;
      return Promise.resolve();
    },
  });
  return chosen;
}

import { element } from '../dom.js';

/** Form to choose another class: one of the model, or a new name. */
export function classForm(classes: readonly string[], onChosen: (name: string) => void) {
  const options = classes.map((name) => element('option', { value: name }));
  const list = element('datalist', { id: 'review-classes' }, ...options);
  const input = element('input', {
    ...{ class: 'form-control', required: true, list: 'review-classes', maxlength: 200 },
    ...{ placeholder: 'Another class …', 'aria-label': 'Another class', autocomplete: 'off' },
  });
  const button = element('button', { class: 'btn btn-outline-secondary' }, 'Save class');
  const root = element('form', { class: 'input-group' }, input, list, button);
  root.addEventListener('submit', (event) => {
    event.preventDefault();
    const name = input.value.trim();
    if (name !== '') onChosen(name);
  });
  return { root, focus: () => input.focus() };
}

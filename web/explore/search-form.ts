import { element, icon } from '../dom.js';
import { field, selectInput } from '../parts/fields.js';
import { type Explored, exploreHash } from './explore-link.js';

const CONFIDENCES = [
  ['', 'As in the text'],
  ['0.25', 'At least 25 %'],
  ['0.5', 'At least 50 %'],
  ['0.75', 'At least 75 %'],
  ['0.9', 'At least 90 %'],
] as const;
const TIMES = [
  ['', 'As in the text'],
  ['today', 'Today'],
  ['yesterday', 'Yesterday'],
  ['this week', 'This week'],
  ['last week', 'Last week'],
  ['this month', 'This month'],
] as const;

/**
 * Search box with filters; a search is a new address.
 * @param problem why the text is not understood
 */
export function searchForm(explored: Explored, problem: string | undefined): HTMLElement {
  const [box, input] = searchBox({ label: 'Search', text: explored.text, problem });
  const conf = selectInput(CONFIDENCES, explored.conf);
  const time = selectInput(TIMES, explored.time);
  const search = () => {
    location.hash = exploreHash({ text: input.value.trim(), conf: conf.value, time: time.value });
  };
  for (const select of [conf, time]) select.addEventListener('change', search);
  const form = element(
    'form',
    { class: 'explore-form', role: 'search' },
    box,
    problem !== undefined &&
      element('p', { id: 'search-problem', class: 'text-danger-emphasis', role: 'alert' }, problem),
    element('div', { class: 'explore-filters' }, field('Confidence', conf), field('Time', time)),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    search();
  });
  return form;
}

interface SearchBoxOptions {
  /** Name for screen readers. */
  readonly label: string;
  readonly text: string;
  /** Why the text is not understood, which an element with the id `search-problem` shows. */
  readonly problem?: string | undefined;
}

/** Search box with its button, and its input. */
export function searchBox({
  label,
  text,
  problem,
}: SearchBoxOptions): readonly [root: HTMLElement, input: HTMLInputElement] {
  const input = element('input', {
    ...{ type: 'search', class: 'form-control', id: 'search', value: text },
    ...{ placeholder: 'dog over 0.5 this week', autocomplete: 'off', 'aria-label': label },
    ...{ 'aria-invalid': problem !== undefined && 'true' },
    ...{ 'aria-describedby': problem !== undefined && 'search-problem' },
  });
  const button = element(
    'button',
    { class: 'btn btn-primary', type: 'submit' },
    ...[icon('search'), ' Search'],
  );
  return [element('div', { class: 'explore-box' }, input, button), input];
}

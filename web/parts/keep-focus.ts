/**
 * Replaces the rows of a list and restores the focus to the same control of the same row, if it still
 * exists.
 * @param attribute attribute of rows with their id, such as `data-event`
 */
export function replaceKeepingFocus(
  root: HTMLElement,
  content: readonly HTMLElement[],
  attribute: string,
): void {
  const focused = document.activeElement;
  const row = root.contains(focused) ? focused?.closest(`[${attribute}]`) : null;
  const id = row?.getAttribute(attribute) ?? '';
  const position = row ? controlsOf(row).findIndex((control) => control === focused) : -1;
  root.replaceChildren(...content);
  const again = position < 0 ? null : root.querySelector(`[${attribute}="${CSS.escape(id)}"]`);
  if (again) (controlsOf(again)[position] ?? controlsOf(again)[0])?.focus();
}

const controlsOf = (row: Element) => [...row.querySelectorAll<HTMLElement>('a, button')];

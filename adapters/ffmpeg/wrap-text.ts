const CUT_OFF = '…';

/**
 * Wraps a text at its blanks into at most `lines` lines of `letters` letters; longer words are split,
 * and what does not fit is cut off.
 * @example wrapText('vanished: person, dog', 12, 2) // ['vanished:', 'person, dog']
 */
export function wrapText(text: string, letters: number, lines: number): string[] {
  const wrapped: string[] = [];
  let rest = [...text.trim()];
  while (rest.length > letters && wrapped.length < lines) {
    const blank = rest.slice(0, letters + 1).lastIndexOf(' ');
    const end = blank > 0 ? blank : letters;
    wrapped.push(rest.slice(0, end).join(''));
    rest = rest.slice(blank > 0 ? end + 1 : end);
  }
  if (rest.length === 0) return wrapped;
  if (wrapped.length < lines) return [...wrapped, rest.join('')];
  const last = [...wrapped.at(-1)!].slice(0, letters - 1).join(''); // lines is at least 1
  return [...wrapped.slice(0, -1), `${last}${CUT_OFF}`];
}

import { vttTime } from '../../export/vtt.js';
import { describeDiff } from './describe-diff.js';
import { isDifferent } from './diff-frames.js';
import type { DiffLine } from './diff-results.js';

/** Maximum time for which a difference is shown, in milliseconds: a frame is not a scene. */
const CUE_MAX_MS = 1000;

/**
 * WebVTT subtitles with a cue for each frame that differs, which ends at the next compared frame. Its
 * text is what differs.
 */
export async function* diffVtt(lines: AsyncIterable<DiffLine>): AsyncGenerator<string> {
  yield 'WEBVTT\n';
  let open: { readonly frame: number; readonly fromMs: number; readonly text: string } | undefined;
  const close = (toMs: number) => {
    if (!open) return '';
    const start = Math.max(0, Math.round(open.fromMs));
    // Two frames may be within a millisecond: a cue has to end after it begins.
    const end = Math.max(start + 1, Math.round(Math.min(toMs, open.fromMs + CUE_MAX_MS)));
    const cue = `\n${open.frame}\n${vttTime(start)} --> ${vttTime(end)}\n${open.text}\n`;
    open = undefined;
    return cue;
  };
  for await (const line of lines) {
    if (line.type === 'summary') break;
    yield close(line.timestamp_ms);
    const { frame, timestamp_ms: fromMs } = line;
    if (isDifferent(line)) open = { frame, fromMs, text: escaped(describeDiff(line)) };
  }
  yield close(Infinity);
}

/** Class names are any text: tags, and the arrow of cues, are not part of it. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

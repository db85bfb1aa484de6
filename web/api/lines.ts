/** The lines of an answer as they arrive; the last one needs no end. */
export async function* linesOf(response: Response): AsyncGenerator<string> {
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const lines = (rest + value).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    if (rest !== '') yield rest;
  } finally {
    await reader.cancel();
  }
}

/** The data of server-sent events, each parsed as JSON; comments and names are left out. */
export async function* eventsOf(lines: AsyncIterable<string>): AsyncGenerator<unknown> {
  let data: string[] = [];
  for await (const line of lines) {
    const text = line.replace(/\r$/, '');
    if (text.startsWith('data:')) data.push(text.slice('data:'.length));
    else if (text === '' && data.length > 0) {
      yield JSON.parse(data.join('\n'));
      data = [];
    }
  }
}

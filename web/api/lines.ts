/** Streams the lines of a response; the last line needs no line break. */
export async function* readLines(response: Response): AsyncGenerator<string> {
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

/** Parses the data of server-sent events as JSON; ignores comments, names and ids. */
export async function* parseEvents(lines: AsyncIterable<string>): AsyncGenerator<unknown> {
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

const STRING = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/gs;
const ESCAPE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|(.))/gs;
/** Characters of Python's escapes of one letter; any other escape keeps its backslash. */
const CHARACTERS: Readonly<Record<string, string>> = {
  ...{ '\\': '\\', "'": "'", '"': '"', '\n': '' },
  ...{ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
};

/**
 * Rewrites the strings of a Python list or dictionary, as `repr` writes them, so that it is YAML.
 * @example pythonToYaml(`{11: '5\' 10" board'}`) // `{11: "5' 10\" board"}`
 */
export function pythonToYaml(text: string): string {
  return text.replace(STRING, (_, single?: string, double?: string) =>
    JSON.stringify(unescape(single ?? double ?? '')),
  );
}

function unescape(text: string): string {
  return text.replace(
    ESCAPE,
    (escape, x?: string, u?: string, U?: string, octal?: string, letter?: string) => {
      const hex = x ?? u ?? U;
      if (hex !== undefined) return characterOf(parseInt(hex, 16), escape);
      if (octal !== undefined) return characterOf(parseInt(octal, 8), escape);
      return CHARACTERS[letter ?? ''] ?? escape;
    },
  );
}

function characterOf(code: number, escape: string): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : escape;
}

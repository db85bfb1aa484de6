/** Texts that would escape from a key, a path, an option or a query. */
export const HOSTILE_NAMES: readonly string[] = [
  ...['', ' ', '.', '..', '../x', '..\\x', '/etc/passwd', 'a/b', 'a//b', 'a\\b', './a', 'a/'],
  ...['%2e%2e%2f', '..%2fx', 'a%00', 'a\0', 'a\n', '\na', 'a\r\nb', 'a\tb', 'a\u007f', 'a\u0085'],
  ...['$where', '$ne', 'a.b', 'a$', '{"$ne":null}', 'a;b', 'a|b', '`a`', '$(a)', "a'b", 'a"b'],
  ...['a b', 'a:b', 'a*', 'a?', '<a>', 'a@1', '~', '=a', 'a,b', 'a#b', 'a&b'],
  // Homoglyphs of letters, digits and separators; joiners, invisible and bidirectional characters.
  ...[
    'аbc',
    'ａ',
    '１',
    'é',
    'e\u0301',
    'a／b',
    'a∕b',
    '．．',
    'a‐b',
    'a＿b',
    'ﬁ',
    'ſ',
    '\u212a',
    'ı',
  ],
  ...['a\u200b', 'a\u202eb', '\ufeffa', 'a\u00a0', '😀', '\ud800', 'a'.repeat(129)],
];

/** Names that are unusual but harmless. */
export const HARMLESS_NAMES: readonly string[] = [
  ...['a', '-x', '--force', '_', '0', 'constructor', '__proto__', 'prototype', 'toString'],
  ...['hasOwnProperty', 'null', 'undefined', 'NaN', 'CON', 'a'.repeat(128)],
];

/** JSON values in place of a name: query operators, and objects that resemble texts. */
export const NO_NAMES: readonly unknown[] = [
  ...[{ $ne: null }, { $gt: '' }, { $regex: '.*' }, { $where: '1' }, { $in: ['a'] }, {}],
  ...[['a'], [], null, 5, true, { toString: 'a', length: 1 }],
];

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { inProject, root } from './project.mjs';

const GLOSSARY = 'docs/glossary.md';
const HEADING = '## Words the lint flags';
const CHECKED = /\.(ts|mjs|js|py|md|html|css|yml)$/;
/** The glossary lists the words, this lint names some, and its test plants some. */
const SKIPPED = [
  GLOSSARY,
  'scripts/check-language.mjs',
  'scripts/scripts.test.ts',
  'test/fixtures/',
];

/**
 * Messages of ffmpeg that the code matches, and names of the contract: the bucket and path `pictures`,
 * the field `picture`.
 */
const FOREIGN = /Picture size|pictures(?=["'/:`])|(?<=[./])pictures?\b|\bpicture(?=\??:|"\])/g;

const words = readFlaggedWords();
const files = process.argv.length > 2 ? process.argv.slice(2) : listFiles();
const findings = files.flatMap(checkFile);
for (const finding of findings) console.error(finding);
if (findings.length > 0) {
  console.error(`${findings.length} flagged words; ${GLOSSARY} lists them.`);
  process.exit(1);
}

/** Reads the rows `| flagged | use |` of the glossary; a cell may hold several words, with commas. */
function readFlaggedWords() {
  const [, section] = readFileSync(inProject(GLOSSARY), 'utf8').split(HEADING);
  if (section === undefined) throw new Error(`${GLOSSARY} has no section "${HEADING}".`);
  const rows = section.split('\n## ')[0].matchAll(/^\| (.+?) +\| (.+?) +\|$/gm);
  return [...rows]
    .filter(([, flagged]) => flagged !== 'flagged' && !/^-+$/.test(flagged))
    .flatMap(([, flagged, use]) => splitCell(flagged).map((word) => ({ word, use })))
    .map(({ word, use }) => ({ word, use, pattern: patternFor(word) }));
}

function splitCell(cell) {
  return cell.split(',').map((word) => word.replaceAll('`', '').trim());
}

/** Matches whole words, in any case; identifiers that contain a word do not match. */
function patternFor(word) {
  const escaped = word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/\s+/g, '\\s+');
  return new RegExp(`(?<![\\w-])${escaped}(?![\\w-])`, 'gi');
}

function listFiles() {
  const { stdout } = spawnSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((file) => CHECKED.test(file) && !SKIPPED.some((prefix) => file.startsWith(prefix)))
    .map((file) => inProject(file));
}

function checkFile(file) {
  const text = readFileSync(file, 'utf8');
  const lines = (file.endsWith('.md') ? blankQuotes(text) : text.replace(FOREIGN, '')).split('\n');
  return lines.flatMap((line, index) =>
    words.flatMap(({ pattern, word, use }) =>
      [...line.matchAll(pattern)].map(
        ({ index: column }) =>
          `${file}:${index + 1}:${column + 1} "${word}": use ${use.replaceAll('`', '')}`,
      ),
    ),
  );
}

/** Blanks what a document quotes in backticks: contract names and commands. */
function blankQuotes(text) {
  return text.replace(/`[^`\n]*`/g, (quote) => ' '.repeat(quote.length));
}

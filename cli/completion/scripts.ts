import type { CommandInfo, OptionInfo } from './command-tree.js';
import { flatten } from './command-tree.js';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

const WRITERS: Readonly<Record<Shell, (root: CommandInfo) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** Returns the script that completes the commands, options and values of a command line in a shell. */
export function completionScript(shell: Shell, root: CommandInfo): string {
  return WRITERS[shell](root);
}

/** Path of a command as a word, such as `/models/add`. */
const wordOf = ({ path }: CommandInfo) => path.map((name) => `/${name}`).join('');

/** Name of a subcommand, such as `add`. */
const nameOf = ({ path }: CommandInfo) => path.at(-1)!; // only the root has an empty path

/** Subcommands and values that may follow a command. */
function wordsAfter({ commands, choices }: CommandInfo): string[] {
  return [...commands.map(nameOf), ...choices];
}

const flagsAfter = ({ options }: CommandInfo) => options.flatMap(({ flags }) => flags);

function bashScript(root: CommandInfo): string {
  return `# Completion of vidette in bash. Use it with: source <(vidette completion bash)
_vidette() {
  local word path='' words=''
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path/$word" in
      ${knownPaths(root)}) path="$path/$word" ;;
    esac
  done
  case "$path $previous" in
${valueCases(root, (words) => `words='${words.join(' ')}'`)}
    *)
      case "$path $current" in
${wordCases(root, (words) => `words='${words.join(' ')}'`)}
      esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _vidette vidette
`;
}

function zshScript(root: CommandInfo): string {
  return `#compdef vidette
# Completion of vidette in zsh. Use it with: source <(vidette completion zsh)
_vidette() {
  local word candidate='' place=''
  local current="\${words[CURRENT]}" previous="\${words[CURRENT-1]}"
  local -a found
  for word in "\${(@)words[2,CURRENT-1]}"; do
    candidate="$place/$word"
    case "$candidate" in
      ${knownPaths(root)}) place="$candidate" ;;
    esac
  done
  case "$place $previous" in
${valueCases(root, (words) => `found=(${words.join(' ')})`)}
    *)
      case "$place $current" in
${wordCases(root, (words) => `found=(${words.join(' ')})`)}
      esac ;;
  esac
  if (( \${#found} )); then compadd -- "\${found[@]}"; else _files; fi
}
compdef _vidette vidette
`;
}

function knownPaths(root: CommandInfo): string {
  const words = flatten(root).map(wordOf);
  return words.filter((word) => word !== '').join('|');
}

/** Cases of options with a limited set of values, by the path of the command and the option. */
function valueCases(root: CommandInfo, assign: (words: readonly string[]) => string): string {
  const cases = flatten(root).flatMap((command) =>
    command.options
      .filter(({ choices }) => choices.length > 0)
      .map(({ flags, choices }) => {
        const patterns = flags.map((flag) => `'${wordOf(command)} ${flag}'`);
        return `    ${patterns.join('|')}) ${assign(choices)} ;;`;
      }),
  );
  return cases.join('\n');
}

/** Cases of what may follow each command: options after a dash, else subcommands and values. */
function wordCases(root: CommandInfo, assign: (words: readonly string[]) => string): string {
  const cases = flatten(root).flatMap((command) => [
    `        '${wordOf(command)} '-*) ${assign(flagsAfter(command))} ;;`,
    `        '${wordOf(command)} '*) ${assign(wordsAfter(command))} ;;`,
  ]);
  return cases.join('\n');
}

function fishScript(root: CommandInfo): string {
  const lines = flatten(root).flatMap((command) => fishLines(command));
  return `# Completion of vidette in fish. Use it with: vidette completion fish | source
${lines.join('\n')}
`;
}

function fishLines(command: CommandInfo): string[] {
  const base = `complete -c vidette -n ${quote(fishCondition(command))}`;
  const names = command.commands.map(
    (each) => `${base} -f -a ${nameOf(each)} -d ${quote(each.description)}`,
  );
  const values = command.choices.map((choice) => `${base} -f -a ${quote(choice)}`);
  return [...names, ...values, ...command.options.map((option) => `${base}${fishOption(option)}`)];
}

/** Condition under which a command is the last one that was given. */
function fishCondition({ path, commands }: CommandInfo): string {
  const given = path.map((name) => `__fish_seen_subcommand_from ${name}`);
  const below = commands.map(nameOf);
  const isLast = below.length > 0 ? [`not __fish_seen_subcommand_from ${below.join(' ')}`] : [];
  return [...given, ...isLast].join('; and ');
}

function fishOption({ flags, description, takesValue, choices }: OptionInfo): string {
  const names = flags.map((flag) =>
    flag.startsWith('--') ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`,
  );
  const values =
    choices.length > 0 ? ` -x -a ${quote(choices.join(' '))}` : takesValue ? ' -r' : '';
  return `${names.join('')}${values} -d ${quote(description)}`;
}

/** Quotes a text for fish. */
function quote(text: string): string {
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
}

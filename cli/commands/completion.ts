import { addExamples, type DefineCommand, limitArgument } from '../command.js';
import { describeCommand } from '../completion/command-tree.js';
import { completionScript, type Shell, SHELLS } from '../completion/scripts.js';

export const defineCompletion: DefineCommand = (command, { createWhole }) => {
  addExamples(
    command,
    'completion bash > ~/.local/share/bash-completion/completions/vidette',
    'completion zsh > ~/.zfunc/_vidette',
    'completion fish > ~/.config/fish/completions/vidette.fish',
  ).action(async (shell: Shell) => {
    process.stdout.write(completionScript(shell, describeCommand(await createWhole())));
  });
  limitArgument(command, SHELLS);
};

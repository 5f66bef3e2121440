import type { Command } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

type Words = { readonly name: string; readonly summary: string; readonly options: readonly Flag[] };
type Flag = { readonly long: string; readonly summary: string };

const wordsOf = (root: Command): Words[] =>
  root.commands.map((command) => ({
    name: command.name(),
    summary: command.description(),
    options: command.options.flatMap(({ long, description }) => (long ? [{ long, summary: description }] : [])),
  }));

/** A script that completes commands and options, for a shell to read when it starts. */
export function completion(root: Command, shell: Shell): string {
  const words = wordsOf(root);
  return { bash, zsh, fish }[shell](words);
}

const list = (flags: readonly Flag[]) => [...new Set(flags.map(({ long }) => long))].join(' ');

const bash = (words: readonly Words[]) => `# premotor: source <(premotor completion bash)
_premotor() {
  local word="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${words.map(({ name }) => name).join(' ')} help" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}:$word" in
${words.map(({ name, options }) => `    ${name}:-*) COMPREPLY=($(compgen -W "${list(options)}" -- "$word")) ;;`).join('\n')}
    *) COMPREPLY=($(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -F _premotor premotor
`;

/** Safe between single quotes, and as a description of zsh. */
const plain = (text: string) =>
  text.replaceAll("'", '’').replaceAll('[', '(').replaceAll(']', ')').replaceAll(':', ',');

const zsh = (words: readonly Words[]) => `#compdef premotor
# premotor: source <(premotor completion zsh)
_premotor() {
  local -a commands
  commands=(
${words.map(({ name, summary }) => `    '${name}:${plain(summary)}'`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case "$words[2]" in
${words.map(({ name, options }) => `    ${name}) _arguments ${options.map(({ long, summary }) => `'${long}[${plain(summary)}]'`).join(' ')} '*:file:_files' ;;`).join('\n')}
  esac
}
compdef _premotor premotor
`;

const fish = (words: readonly Words[]) => `# premotor: premotor completion fish | source
${words.map(({ name, summary }) => `complete -c premotor -n __fish_use_subcommand -f -a ${name} -d '${plain(summary)}'`).join('\n')}
${words.flatMap(({ name, options }) => options.map(({ long, summary }) => `complete -c premotor -n '__fish_seen_subcommand_from ${name}' -l ${long.slice(2)} -d '${plain(summary)}'`)).join('\n')}
`;

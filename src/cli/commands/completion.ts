import { oneOf } from '../../nearest.ts';
import type { Shell } from '../completion.ts';
import { verb, work } from '../verb.ts';

/** `premotor completion`: what a shell needs to complete commands and options. */
export const completionCommand = () => {
  const command = verb({
    name: 'completion',
    summary: 'print what a shell needs to complete commands and options',
    examples: ['completion bash >> ~/.bashrc', 'completion zsh >> ~/.zshrc', 'completion fish | source'],
  }).argument('<shell>', 'bash, zsh or fish');
  return command.action((shell: string, settings: object) =>
    work(async () => {
      const { completion, SHELLS } = await import('../completion.ts');
      oneOf('shell', shell, SHELLS);
      const script = completion(command.parent!, shell as Shell);
      return { json: { shell, script }, summary: [script.trimEnd()] };
    })(settings),
  );
};

import pc from 'picocolors';
import type { Finding } from '../examination.ts';
import { verb, work } from '../verb.ts';

/** `premotor doctor`: what is here, what would be used, and how to mend what is not. */
export const doctorCommand = () =>
  verb({
    name: 'doctor',
    summary: 'check this machine: Node, engines, checkpoints, disk, port; and a bridge to a robot',
    examples: ['doctor', 'doctor --json', 'doctor --url ws://robot.local:9090'],
  })
    .option('--url <address>', 'look also whether this bridge to a robot answers')
    .action(
      work<{ readonly url?: string }>(async ({ url }) => {
        const { examine } = await import('../examination.ts');
        const findings = await examine(url === undefined ? {} : { url });
        const ok = findings.every(({ state }) => state !== 'broken');
        return { json: { ok, findings }, summary: [...findings.flatMap(lines), '', verdict(ok)], ok };
      }),
    );

const marks = { good: pc.green('✓'), note: pc.dim('·'), broken: pc.red('✗') } as const;

const lines = ({ name, state, detail, fix }: Finding) => [
  `${marks[state]} ${name.padEnd(13)} ${detail}`,
  ...(fix === undefined ? [] : [`  ${''.padEnd(13)} ${pc.cyan('fix:')} ${fix}`]),
];

const verdict = (ok: boolean) =>
  ok ? 'Ready: try `premotor demo`.' : 'Something essential is missing: see the lines marked ✗.';

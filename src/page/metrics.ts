import type { Snapshot } from './telemetry.ts';

/** A snapshot as Prometheus reads it (text exposition format 0.0.4); what is not known is left out. */
export function metricsText(snapshot: Snapshot): string {
  const { task, phase, reason } = snapshot;
  const numbers: readonly (readonly [name: string, help: string, value: number | null | undefined])[] = [
    ['moving', '1 while the robot may move and nothing rests it', phase === 'running' && reason === '' ? 1 : 0],
    ['stopped', '1 while the emergency stop is pressed', phase === 'stopped' ? 1 : 0],
    ['goal_distance', 'latent distance to the goal', snapshot.distance],
    ['surprise', 'latent distance of what came from what was expected', snapshot.surprise],
    ['plan_seconds', 'how long the last plan took', inSeconds(snapshot.planMs)],
    ['plan_refinements', 'refinements of the last plan', snapshot.refinements],
    ['replans_per_second', 'plans in the last second', snapshot.replansPerSecond],
    ['frame_to_command_seconds', 'from the last picture to its command', inSeconds(snapshot.frameToCommandMs)],
    ['frames_dropped_total', 'camera pictures that were not looked at', snapshot.dropped],
    ['goals_reached_total', 'goals reached', snapshot.reached],
  ];
  const label = `{task="${task.replace(/["\\\n]/g, '_')}"}`;
  return numbers
    .filter(([, , value]) => typeof value === 'number' && Number.isFinite(value))
    .map(([name, help, value]) => {
      const kind = name.endsWith('_total') ? 'counter' : 'gauge';
      return `# HELP premotor_${name} ${help}\n# TYPE premotor_${name} ${kind}\npremotor_${name}${label} ${value}\n`;
    })
    .join('');
}

const inSeconds = (ms: number | null) => (ms === null ? null : ms / 1000);

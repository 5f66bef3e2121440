import pc from 'picocolors';
import { firstValueFrom, timeout } from 'rxjs';
import { realClock } from '../clock.ts';
import { loadRobotConfig } from '../drivers/ros/config.ts';
import { type FoundTopic, fatalProblem } from '../drivers/ros/discover.ts';
import type { Sight } from '../drivers/ros/driver.ts';
import { findRobot, published } from '../drivers/ros/open-robot.ts';
import { seeded } from '../random.ts';
import type { RunSettings } from './commands/run.ts';
import type { Outcome, Terminal } from './verb.ts';

/** A camera must show something within this time, ms. */
const SIGHT_MS = 3000;

/** Looks a robot over and says what would be published. Sends nothing that moves. */
export async function dryRun({ config: path, url, insecure }: RunSettings, terminal: Terminal): Promise<Outcome> {
  const config = await loadRobotConfig(path);
  const clock = realClock();
  const robot = await findRobot({ config, url, insecure, clock, random: seeded(0), wallMs: Date.now });
  try {
    const { discovery, actionSpec } = robot;
    const problem = fatalProblem(discovery);
    const sight = problem === undefined ? await firstSight(robot.senses.sights$) : undefined;
    const rest = robot.message(actionSpec.rest);
    const publishes = published(config, discovery);
    const json = {
      ok: problem === undefined && sight !== undefined,
      robot: config.name,
      ros: discovery.version,
      topics: discovery.topics,
      publishes,
      everyMs: config.actions.everyMs,
      rest,
      limits: config.actions.axes,
      safety: config.safety,
      camera: sight && {
        frames: Object.entries(sight.frames).map(([name, { width, height }]) => ({ name, width, height })),
      },
    };
    if (terminal.json) return { json, summary: [], ok: json.ok };
    const seen =
      problem !== undefined
        ? []
        : [sight === undefined ? `${pc.red('✗')} no picture came within ${SIGHT_MS / 1000} s` : describe(sight)];
    return {
      json,
      ok: json.ok,
      summary: [
        `${config.name}: ROS ${discovery.version} at ${url ?? config.ros.url}, ${discovery.all.size} topics`,
        ...discovery.topics.map(line),
        ...seen,
        '',
        'would publish:',
        ...publishes.map(({ topic, type }) => `  ${topic} (${type})`),
        `  a command every ${config.actions.everyMs} ms, rest unless armed and moving: ${JSON.stringify(rest)}`,
        'limits:',
        ...config.actions.axes.map(
          ({ name, low, high, rate, acceleration }) =>
            `  ${name}: ${low} to ${high}, ${rate} per s${acceleration === Infinity ? '' : `, ${acceleration} per s^2`}`,
        ),
        ...(config.safety.robotTimeoutMs === undefined
          ? [
              "note: safety.robotTimeoutMs is not set; a dead link carries no rest, so make sure the robot's base stops by itself",
            ]
          : []),
        ...(config.safety.eStop === undefined ? ['note: no e-stop topic is configured'] : []),
      ],
    };
  } finally {
    robot.close();
  }
}

const firstSight = (sights$: import('rxjs').Observable<Sight>): Promise<Sight | undefined> =>
  firstValueFrom(sights$.pipe(timeout({ first: SIGHT_MS }))).catch(() => undefined);

const describe = ({ frames, proprio }: Sight) =>
  `${pc.green('✓')} pictures come: ${Object.entries(frames)
    .map(([name, { width, height }]) => `${name} ${width}x${height}`)
    .join(', ')}${proprio ? `; measured: [${proprio.map((value) => value.toFixed(3)).join(', ')}]` : ''}`;

const line = ({ use, topic, type, direction, peers, problem, fatal }: FoundTopic) =>
  `${fatal ? pc.red('✗') : problem ? pc.yellow('!') : pc.green('✓')} ${use.padEnd(14)} ${direction === 'in' ? '<-' : '->'} ${topic} ${
    problem ?? (type === undefined ? '(nobody listens yet)' : `(${type}; ${peers.join(', ') || 'nobody'})`)
  }`;

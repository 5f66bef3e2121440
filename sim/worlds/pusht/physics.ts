import { type Body, Box as BoxShape, Circle, World as Planck, Polygon } from 'planck';
import { type Block, cornersOf, type Point } from './shapes.ts';

/** What moves: places in px, velocity of the agent in px/s, angle of the block in [0, 2 pi). */
export type Motion = {
  readonly agent: Point;
  readonly velocity: Point;
  readonly block: Point;
  readonly angle: number;
};

/** Side of the world, px. */
export const SIDE = 512;
/** Planck likes bodies of 0.1 to 10 units. */
const PX_PER_UNIT = 10;
const SUBSTEP = 0.01;
const SUBSTEPS = 10;
/** One control step, ms. */
export const PERIOD_MS = 1000 * SUBSTEP * SUBSTEPS;
const ITERATIONS = 10;
/** Planck keeps polygons 0.1 px apart and lets them overlap by 0.05; Chipmunk lets them overlap by 0.1 px. */
const SKIN = 0.15;
/** The agent's servo. */
const GAIN = 100;
const DAMPING = 20;
/** The walls run along these coordinates and are this thick to each side, px. */
const WALL = { low: 5, high: 506, half: 2 };

export type Push = { readonly block: Block; readonly agentRadius: number };

/**
 * One control step of 0.1 s with the agent drawn to `target` (px): ten substeps of its servo and of the contacts. The same
 * motion gives the same bits whatever came before: everything is built anew, contacts too.
 *
 * As the published task on Chipmunk with damping 0: the block forgets its velocity before every substep, so it moves only
 * while it is pushed; there is no friction, and walls stop the block but not the agent. Chipmunk moves everything first and
 * solves contacts then, for the next substep; so here the block is solved with the velocity that the agent had.
 */
export function pushStep({ block, agentRadius }: Push, motion: Motion, target: Point): Motion {
  const { planck, agent, body } = build(block, agentRadius, motion);
  let [vx, vy] = motion.velocity;
  let [x, y] = motion.agent;
  for (let i = 0; i < SUBSTEPS; i++) {
    agent.setLinearVelocity(units([vx, vy]));
    body.setLinearVelocity({ x: 0, y: 0 });
    body.setAngularVelocity(0);
    planck.step(SUBSTEP, ITERATIONS, ITERATIONS);
    [x, vx] = drawn([x, vx], target[0]);
    [y, vy] = drawn([y, vy], target[1]);
    agent.setTransform(units([x, y]), 0);
  }
  const { x: bx, y: by } = body.getPosition();
  return {
    agent: [x, y],
    velocity: [vx, vy],
    block: [bx * PX_PER_UNIT, by * PX_PER_UNIT],
    angle: turned(body.getAngle()),
  };
}

/** Place and velocity along one axis, px and px/s. */
type Axis = readonly [place: number, velocity: number];

/** The agent's servo over one substep, and over a control step. */
const drawn = ([x, v]: Axis, target: number): Axis => {
  const velocity = v + (GAIN * (target - x) - DAMPING * v) * SUBSTEP;
  return [x + velocity * SUBSTEP, velocity];
};
export function servo(axis: Axis, target: number): Axis {
  let next = axis;
  for (let i = 0; i < SUBSTEPS; i++) next = drawn(next, target);
  return next;
}

type Built = { readonly planck: Planck; readonly agent: Body; readonly body: Body };

function build(block: Block, agentRadius: number, motion: Motion): Built {
  const planck = new Planck({ gravity: { x: 0, y: 0 }, allowSleep: false });
  const slippery = { friction: 0, restitution: 0 };
  const walls = planck.createBody();
  for (const shape of wallShapes) walls.createFixture({ shape, ...slippery });
  const agent = planck.createBody({ type: 'kinematic', position: units(motion.agent) });
  agent.createFixture({ shape: new Circle({ x: 0, y: 0 }, (agentRadius - SKIN) / PX_PER_UNIT), ...slippery });
  const body = planck.createBody({ type: 'dynamic', position: units(motion.block), angle: motion.angle });
  for (const box of block.boxes) {
    body.createFixture({ shape: new Polygon(cornersOf(box).map(units)), density: 1, ...slippery });
  }
  const center = units(block.centre);
  const about = block.moment / PX_PER_UNIT ** 2 + center.x * center.x + center.y * center.y; // about the origin
  body.setMassData({ mass: 1, center, I: about });
  return { planck, agent, body };
}

/** An angle in [0, 2 pi). */
export const turned = (angle: number): number => {
  const rest = angle % (2 * Math.PI);
  return rest < 0 ? rest + 2 * Math.PI : rest;
};

const units = ([x, y]: Point) => ({ x: x / PX_PER_UNIT, y: y / PX_PER_UNIT });

const wallShapes = (() => {
  const { low, high, half } = WALL;
  const [long, middle] = [(high - low) / 2 + half, (low + high) / 2];
  const wall = (halfX: number, halfY: number, x: number, y: number) =>
    new BoxShape(halfX / PX_PER_UNIT, halfY / PX_PER_UNIT, units([x, y]), 0);
  return [
    wall(half, long, low, middle),
    wall(long, half, middle, low),
    wall(half, long, high, middle),
    wall(long, half, middle, high),
  ];
})();

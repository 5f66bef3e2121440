import type { ModelJoint, ModelSensor, Parts } from './parts.ts';

/** Where parts are, by name. All throw `RangeError` for a name that is not there. */
export interface Finders {
  joint(name: string): ModelJoint;
  /** Where a sensor's readings are among all of them. */
  sensor(name: string): ModelSensor;
  body(name: string): number;
  geom(name: string): number;
  site(name: string): number;
  actuator(name: string): number;
  keyframe(name: string): number;
}

export function finders({ joints, sensors, bodies, geoms, sites, actuators, keyframes }: Parts): Finders {
  const joint = finder('joint', joints);
  const sensor = finder('sensor', sensors);
  return {
    joint: (name) => joints[joint(name)]!,
    sensor: (name) => sensors[sensor(name)]!,
    body: finder('body', bodies),
    geom: finder('geom', geoms),
    site: finder('site', sites),
    actuator: finder('actuator', actuators),
    keyframe: finder('keyframe', keyframes),
  };
}

function finder(kind: string, parts: readonly { readonly name: string }[]): (name: string) => number {
  const places = new Map(parts.map(({ name }, i) => [name, i]));
  places.delete('');
  return (name) => {
    const found = places.get(name);
    if (found !== undefined) return found;
    throw new RangeError(`${kind} must be one of ${[...places.keys()].join(', ') || 'none'}, got ${name}`);
  };
}

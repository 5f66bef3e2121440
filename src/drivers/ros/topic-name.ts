import { BadConfig } from '../../errors.ts';

/** Names that mean something else to the link itself. */
const RESERVED = ['close', 'connection', 'error'];

const NAME_1 = /^\/?[A-Za-z]\w*(\/\w+)*$/;
const NAME_2 = /^\/?[A-Za-z_]\w*(\/[A-Za-z_]\w*)*$/;
const LONGEST = 200;

type Naming = {
  readonly version: 'auto' | 1 | 2;
  readonly namespace: string;
  readonly remap: Readonly<Record<string, string>>;
};

/** A topic's name on the robot: absolute, in the namespace, remapped. Throws `BadConfig` when it cannot be one. */
export function resolveTopic(topic: string, what: string, { version, namespace, remap }: Naming): string {
  const absolute = absoluteName(topic, what, { version, namespace });
  return Object.hasOwn(remap, absolute) ? remap[absolute]! : absolute;
}

/** As above, without remapping. */
export function absoluteName(topic: string, what: string, { version, namespace }: Omit<Naming, 'remap'>): string {
  if (RESERVED.includes(topic.replace(/^\//, ''))) {
    throw new BadConfig(`${what} must not be called ${topic}`, { hint: `reserved: ${RESERVED.join(', ')}` });
  }
  if (!isName(topic, version)) {
    throw new BadConfig(`${what} must be the name of a ROS topic, got ${JSON.stringify(topic.slice(0, LONGEST))}`, {
      hint: 'letters, digits and _, with / between: as /camera/image_raw',
    });
  }
  return topic.startsWith('/') ? topic : `${namespace}/${topic}`;
}

/** `''`, or `/robot1`. */
export function readNamespace(namespace: string, version: Naming['version']): string {
  const trimmed = namespace.replace(/^\/|\/$/g, '');
  if (trimmed === '') return '';
  if (!isName(trimmed, version)) {
    throw new BadConfig(
      `ros.namespace must be letters, digits and _, with / between, got ${JSON.stringify(namespace.slice(0, LONGEST))}`,
    );
  }
  return `/${trimmed}`;
}

const isName = (text: string, version: Naming['version']) =>
  text.length <= LONGEST && (version === 2 ? NAME_2 : version === 1 ? NAME_1 : either).test(text);

const either = new RegExp(`${NAME_1.source}|${NAME_2.source}`);

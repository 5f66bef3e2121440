import { ros1, ros2jazzy } from '@foxglove/rosmsg-msgs-common';
import type { RosVersion } from './version.ts';

/** What a message type is made of; the root of a list has no `name`, as the readers and writers ask. */
export type Definition = Omit<(typeof ros1)['std_msgs/Bool'], 'name'> & { name?: string };
export type FieldDefinition = Definition['definitions'][number];

const known: Readonly<Record<RosVersion, Readonly<Record<string, Definition>>>> = { 1: ros1, 2: ros2jazzy };
const lists = new Map<string, Definition[]>();

/** A type (`pkg/Type`) and all types within it, the type itself first; `undefined` when it is not one of the common ones. */
export function definitionsOf(type: string, version: RosVersion): Definition[] | undefined {
  const key = `${version} ${type}`;
  const list = lists.get(key) ?? collect(type, known[version]);
  if (list !== undefined) lists.set(key, list);
  return list;
}

function collect(type: string, all: Readonly<Record<string, Definition>>): Definition[] | undefined {
  const root = Object.hasOwn(all, type) ? all[type] : undefined;
  if (root === undefined) return undefined;
  const within = new Map<string, Definition>();
  const visit = ({ definitions }: Definition) => {
    for (const { type: part, isComplex } of definitions) {
      if (!isComplex || within.has(part)) continue;
      within.set(part, all[part]!);
      visit(all[part]!);
    }
  };
  visit(root);
  return [{ definitions: root.definitions }, ...within.values()];
}

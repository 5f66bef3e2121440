import { UsageError } from '../src/errors.ts';
import { nearest } from '../src/nearest.ts';
import type { Task } from './world.ts';
import { cube } from './worlds/cube/task.ts';
import { diffDrive } from './worlds/diff-drive/task.ts';
import { pointMaze } from './worlds/point-maze/task.ts';
import { pusht } from './worlds/pusht/task.ts';
import { reacher } from './worlds/reacher/task.ts';
import { twoRoom } from './worlds/two-room/task.ts';
import { wall } from './worlds/wall/task.ts';

/** Every task, by name. */
// biome-ignore lint/suspicious/noExplicitAny: whoever looks a task up by name cannot know its state.
export const tasks: Readonly<Record<string, Task<any>>> = {
  [twoRoom.name]: twoRoom,
  [wall.name]: wall,
  [pusht.name]: pusht,
  [reacher.name]: reacher,
  [pointMaze.name]: pointMaze,
  [cube.name]: cube,
  [diffDrive.name]: diffDrive,
};

/** The task of that name. Throws `UsageError` with the nearest name when there is none. */
// biome-ignore lint/suspicious/noExplicitAny: as above.
export function findTask(name: string): Task<any> {
  const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (task) return task;
  const names = Object.keys(tasks);
  const meant = nearest(name, names);
  throw new UsageError(`there is no task '${name}'`, {
    hint: meant ? `did you mean '${meant}'?` : `known: ${names.join(', ')}`,
  });
}

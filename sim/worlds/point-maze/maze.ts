export type Point = readonly [x: number, y: number];
/** A square of the maze: row and column, from 0. */
export type Cell = readonly [row: number, column: number];

/** Cells are squares of 1 m; '#' is a wall. Cell (row, column) is centred at (row + 1, column + 1), as D4RL has it. */
export type Maze = { readonly rows: readonly string[]; readonly free: readonly Cell[] };

const MAZES = {
  umaze: ['#####', '#   #', '### #', '#   #', '#####'],
  open: ['#######', '#     #', '#     #', '#     #', '#######'],
  medium: ['########', '#  ##  #', '#  #   #', '##   ###', '#  #   #', '# #  # #', '#   #  #', '########'],
} as const;
export type MazeName = keyof typeof MAZES;
export const mazeNames = Object.keys(MAZES) as [MazeName, ...MazeName[]];

export function mazeOf(name: MazeName): Maze {
  const rows = MAZES[name];
  const free = rows.flatMap((row, i) => [...row].flatMap((cell, j): Cell[] => (cell === ' ' ? [[i, j]] : [])));
  return { rows, free };
}

export const centreOf = ([row, column]: Cell): Point => [row + 1, column + 1];
export const cellAt = ([x, y]: Point): Cell => [Math.round(x) - 1, Math.round(y) - 1];
export const isWall = ({ rows }: Maze, [row, column]: Cell): boolean => rows[row]?.[column] !== ' ';

/** The cells from one to another, both included, by the fewest steps. */
export function wayBetween(maze: Maze, from: Cell, to: Cell): Cell[] {
  const key = ([row, column]: Cell) => row * 100 + column;
  const towards = new Map<number, Cell | undefined>([[key(to), undefined]]);
  const queue: Cell[] = [to];
  for (let cell = queue.shift(); cell; cell = queue.shift()) {
    const [row, column] = cell;
    for (const next of [
      [row + 1, column],
      [row - 1, column],
      [row, column + 1],
      [row, column - 1],
    ] as const) {
      if (isWall(maze, next) || towards.has(key(next))) continue;
      towards.set(key(next), cell);
      queue.push(next);
    }
  }
  const way: Cell[] = [];
  for (let cell: Cell | undefined = from; cell; cell = towards.get(key(cell))) way.push(cell);
  return way;
}

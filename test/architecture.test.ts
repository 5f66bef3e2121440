import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Imports point down only: a floor may use its own number, if in the same folder, and every lower one. */
const floors: readonly (readonly string[])[] = [
  ['src/compute', 'src/clock.ts', 'src/random.ts', 'src/errors.ts', 'src/nearest.ts', 'src/spawn.ts', 'src/pulse.ts'],
  ['src/perception', 'src/drivers', 'src/data'],
  ['src/worldmodel'],
  ['src/planner', 'src/safety'],
  ['src/agent'],
  ['sim', 'src/index.ts', 'src/ros.ts'],
  ['src/page'],
  ['src/cli'],
];

/** Uses of a neighbour on the same floor, or of plain types above, that were thought about. */
const exceptions: Readonly<Record<string, readonly string[]>> = {
  'src/perception': ['src/drivers'], // a frame is what a driver delivers
  'src/data': ['src/drivers'], // so is what is recorded
  'src/drivers': ['src/data'], // a camera's pictures are decoded as a data set's are
  'src/safety': [],
};

/** One package, one place. */
const doors: readonly { readonly packages: RegExp; readonly places: RegExp }[] = [
  { packages: /^roslib$/, places: /^src\/drivers\/ros\// },
  { packages: /^onnxruntime-/, places: /^src\/compute\// },
  { packages: /^@tensorflow\//, places: /^src\/compute\// },
  { packages: /^rxjs/, places: /^(src\/(drivers|safety|agent|page)\/|src\/(clock|pulse)\.ts$|sim\/|src\/cli\/)/ },
  { packages: /^apache-arrow/, places: /^src\/data\// },
  { packages: /^(hono|@hono\/.*)(\/|$)/, places: /^src\/page\// },
  { packages: /^ws(\/|$)/, places: /^(src\/page|src\/drivers\/ros|sim\/ros)\// },
  { packages: /^cbor2(\/|$)/, places: /^(src\/drivers\/ros|sim\/ros)\// },
  { packages: /^@foxglove\//, places: /^(src\/drivers\/ros|src\/data|sim\/ros)\// },
  { packages: /^@mcap\//, places: /^src\/data\// },
  { packages: /^(h5wasm|hyparquet)/, places: /^src\/data\// },
  { packages: /^planck/, places: /^sim\/worlds\/pusht\// },
  { packages: /^@mujoco\//, places: /^sim\/mujoco\// },
  { packages: /^yaml(\/|$)/, places: /^src\/(drivers\/|cli\/defaults\.ts$)/ },
  { packages: /^(vega|vega-lite|@resvg\/.*|dejavu-fonts-ttf)(\/|$)/, places: /^src\/cli\/report\// },
  { packages: /^(preact|uplot|three)(\/|$)/, places: /^src\/page\/web\// },
  { packages: /^(commander|picocolors)$/, places: /^src\/cli\// },
  { packages: /^mathjs/, places: /^(src\/drivers\/|src\/cli\/|sim\/)/ },
];

type Import = { readonly file: string; readonly line: number; readonly from: string; readonly typeOnly: boolean };

const files = ['src', 'sim'].flatMap((folder) => walk(join(root, folder))).sort();
const sources = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
const imports = files.flatMap((file) => importsOf(file, sources.get(file)!));

describe('the floors', () => {
  it('hold every source file', () => {
    expect(files.length).toBeGreaterThan(30);
    expect(files.filter((file) => floorOf(file) === undefined)).toEqual([]);
  });

  it('import downwards only', () => {
    const upwards = imports.filter(({ file, from }) => {
      if (!from.startsWith('.')) return false;
      const [here, there] = [floorOf(file)!, floorOf(resolve(file, from))!];
      if (there === undefined) return true;
      if (here.place === there.place || there.level < here.level) return false;
      return there.level > here.level || !(here.level === 0 || exceptions[here.place]?.includes(there.place));
    });
    expect(upwards.map(show)).toEqual([]);
  });

  it('leave the simulator to the command line', () => {
    const wrong = imports.filter(
      ({ file, from }) =>
        file.startsWith('src/') &&
        !file.startsWith('src/cli/') &&
        from.startsWith('.') &&
        resolve(file, from).startsWith('sim/'),
    );
    expect(wrong.map(show)).toEqual([]);
  });
});

describe('the doors', () => {
  it.each(doors)('$packages is used only where it belongs', ({ packages, places }) => {
    expect(imports.filter(({ file, from }) => packages.test(from) && !places.test(file)).map(show)).toEqual([]);
  });

  it('tfjs ops are written only where models are', () => {
    const wrong = imports.filter(
      ({ file, from, typeOnly }) =>
        /(^|\/)compute\/tf\.ts$/.test(from.startsWith('.') ? resolve(file, from) : '') &&
        !typeOnly &&
        !/^src\/(compute|perception|worldmodel|planner)\//.test(file),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  it('nothing in the body reaches tfjs or ONNX Runtime', () => {
    const reached = reachable(
      files.filter((file) => /^src\/(agent\/(run|spawn-mind|drive)|safety\/.*|drivers\/.*|ros)\.ts$/.test(file)),
    );
    expect(reached.size).toBeGreaterThan(0);
    expect(
      [...reached].filter((name) => /^(@tensorflow\/|onnxruntime-)/.test(name) || name === 'src/compute/tf.ts'),
    ).toEqual([]);
  });
});

describe('house style', () => {
  it('takes chance and wall-clock time from nowhere but the command line', () => {
    const wrong = [...sources].filter(
      ([file, text]) =>
        !/^src\/(cli|page\/web)\//.test(file) && /\bMath\.random\(|\bDate\.now\(|\bnew Date\(\)/.test(code(text)),
    );
    expect(wrong.map(([file]) => file)).toEqual([]);
  });

  it('keeps files short', () => {
    const long = [...sources].map(([file, text]) => `${file}: ${text.trimEnd().split('\n').length}`);
    expect(long.filter((entry) => Number(entry.split(': ')[1]) > 300)).toEqual([]);
  });
});

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return walk(path);
    return /\.tsx?$/.test(entry.name) ? [relative(root, path).split(sep).join('/')] : [];
  });
}

function importsOf(file: string, text: string): Import[] {
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;
  return [...text.matchAll(pattern)].map((match) => ({
    file,
    line: text.slice(0, match.index).split('\n').length,
    from: (match[2] ?? match[3])!,
    typeOnly: match[1] !== undefined,
  }));
}

function floorOf(file: string): { level: number; place: string } | undefined {
  for (const [level, places] of floors.entries()) {
    const place = places.find((name) => file === name || file.startsWith(`${name}/`));
    if (place !== undefined) return { level, place };
  }
  return undefined;
}

/** Files and packages that loading these files loads, dynamic imports left out. */
function reachable(from: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const visit = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const entry of imports) {
      const dynamic = new RegExp(`import\\(\\s*['"]${entry.from.replaceAll('.', '\\.')}['"]`).test(
        sources.get(name) ?? '',
      );
      if (entry.file !== name || entry.typeOnly || dynamic) continue;
      visit(entry.from.startsWith('.') ? resolve(name, entry.from) : entry.from);
    }
  };
  for (const file of from) visit(file);
  return seen;
}

const resolve = (file: string, from: string) => posix.normalize(posix.join(posix.dirname(file), from));
const show = ({ file, line, from }: Import) => `${file}:${line} imports ${from}`;
const code = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');

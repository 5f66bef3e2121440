// Builds dist/: the library and CLI with tsc, the page with vite. `--if-needed` does nothing when dist/ is up to date.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const stamp = join(dist, '.built');
const sources = ['src', 'sim', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'vite.config.ts'];

/** When the newest file below a path was changed; 0 if there is none. */
function newest(path) {
  const info = statSync(path, { throwIfNoEntry: false });
  if (!info?.isDirectory()) return info?.mtimeMs ?? 0;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** The file that a package's command runs, whatever the platform. */
function binary(name, command = name) {
  const require = createRequire(import.meta.url);
  let folder = dirname(require.resolve(name));
  while (!existsSync(join(folder, 'package.json')) || require(join(folder, 'package.json')).name !== name)
    folder = dirname(folder);
  const { bin } = require(join(folder, 'package.json'));
  return join(folder, typeof bin === 'string' ? bin : bin[command]);
}

const run = (file, ...args) => execFileSync(process.execPath, [file, ...args], { cwd: root, stdio: 'inherit' });

function build() {
  rmSync(dist, { recursive: true, force: true });
  run(binary('typescript', 'tsc'), '-p', 'tsconfig.build.json');
  if (existsSync(join(root, 'vite.config.ts'))) run(binary('vite'), 'build', '--logLevel', 'warn');
  writeFileSync(stamp, '');
}

const upToDate = () => newest(stamp) > Math.max(...sources.map((path) => newest(join(root, path))));

try {
  if (!process.argv.includes('--if-needed') || !upToDate()) build();
} catch (error) {
  // tsc and vite have said what is wrong.
  process.exitCode = error.status || 1;
  if (!error.status) console.error(error.message);
}

// Pictures of the page for the manual, taken in a real browser while the main job runs: npm run screenshots -> docs/pictures/.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('..', import.meta.url));
const shots = [
  { name: 'page-two-room', words: ['demo', '--task', 'two-room', '--goals', '40', '--no-open'] },
  { name: 'page-pusht', words: ['demo', '--task', 'pusht', '--goals', '40', '--no-open'] },
  { name: 'page-simulator', words: ['sim', '--task', 'cube'] },
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--use-gl=swiftshader', '--enable-unsafe-swiftshader'],
});
for (const { name, words } of shots) {
  const child = spawn(process.execPath, [`${root}dist/src/cli/main.js`, ...words, '--port', '0'], {
    cwd: root,
  });
  try {
    const url = await new Promise<string>((resolve, reject) => {
      let said = '';
      child.stderr.on('data', (part) => {
        said += part;
        const found = said.match(/(http:\/\/127\.\S+)/);
        if (found) resolve(found[1]!);
      });
      child.once('close', () => reject(new Error(said)));
    });
    const tab = await browser.newPage({ viewport: { width: 1180, height: 940 } });
    await tab.goto(url);
    await tab.waitForTimeout(9000); // the charts fill
    await tab.screenshot({ path: `${root}docs/pictures/${name}.png` });
    await tab.close();
    console.log(`docs/pictures/${name}.png`);
  } finally {
    child.kill('SIGKILL');
  }
}
await browser.close();

// The parts of the manual that are made from the sources: npm run manual -> docs/commands.md, docs/api.md, and code that pages include.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { defaultsSchema } from '../src/cli/defaults.ts';
import { program } from '../src/cli/program.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Every command with its options, as `--help` tells them. */
export function commandsPage(): string {
  const { commands } = program({ env: {}, dir: '.', write: () => {} });
  const escaped = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
  const chapters = commands.map((command) => {
    const examples: string[] = [];
    command.configureOutput({ writeOut: (text) => void examples.push(text), outputError: () => {} });
    command.outputHelp();
    const shown = examples.join('').split('Examples:\n')[1]?.trimEnd() ?? '';
    const options = command.options.map(({ flags, description, defaultValue }) => {
      const told =
        defaultValue === undefined || /\(default/.test(description) ? '' : ` (${JSON.stringify(defaultValue)})`;
      return `| \`${escaped(flags).replaceAll('&lt;', '<')}\` | ${escaped(description)}${escaped(told)} |`;
    });
    const words = command.registeredArguments.map(
      (each) => ` ${each.required ? `<${each.name()}>` : `[${each.name()}]`}`,
    );
    const usage = words.length === 0 ? '' : ` \`premotor ${command.name()}${words.join('')} [options]\``;
    return `## ${command.name()}\n\n${escaped(command.description())}.${usage}\n\n\`\`\`\n${shown.replace(/^ {2}/gm, '')}\n\`\`\`\n\n| option | |\n|---|---|\n${options.join('\n')}\n`;
  });
  return `${INTRODUCTION}\n${chapters.join('\n')}`;
}

const INTRODUCTION = `# Commands

<!-- made by npm run manual: do not edit -->

One verb a job. All of them take \`--json\` (one object as the last line of stdout), \`--quiet\`, \`--debug\` (stack traces), \`--print-config\` and \`--help\`.
The first Ctrl-C ends cleanly, the second at once; collecting, training and converting go on where they stopped.

Options come from the command line, else from the environment (\`PREMOTOR_TRAIN_STEPS=500\`), else from a file, else from the defaults below. The file is
\`premotor.yaml\`, \`.yml\` or \`.json\` in the working folder, or what \`PREMOTOR_CONFIG\` names:

\`\`\`yaml
# yaml-language-server: $schema=node_modules/premotor/docs/premotor.schema.json
train:
  steps: 4500
  channels: [64, 64, 64]
  auxiliary: { inverse: 1 }
eval:
  episodes: 300
\`\`\`

Editors complete and check it by [premotor.schema.json](premotor.schema.json).

\`premotor completion bash\` (\`zsh\`, \`fish\`) prints what a shell needs to complete commands and options.

| exit code | |
|---|---|
| 0 | done |
| 1 | failed; the line says why |
| 2 | wrong use: a command, option or value that cannot be |
| 3 | a configuration file that does not say what it must |
| 4 | no link to the robot |
| 5 | refused for safety |
| 130, 143, 129 | stopped by Ctrl-C, SIGTERM, SIGHUP |
`;

/** What programs can import, with what its sources say of it. */
export function apiPage(): string {
  const entries = [
    { title: "import … from 'premotor'", file: 'src/index.ts' },
    { title: "import … from 'premotor/ros'", file: 'src/ros.ts' },
    { title: "import … from 'premotor/sim'", file: 'sim/index.ts' },
  ];
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const compiled = ts.createProgram(
    entries.map(({ file }) => `${root}${file}`),
    options,
  );
  const checker = compiled.getTypeChecker();
  const chapters = entries.map(({ title, file }) => {
    const module = checker.getSymbolAtLocation(compiled.getSourceFile(`${root}${file}`)!)!;
    const parts = checker.getExportsOfModule(module).map((symbol) => {
      const own = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      return entry(symbol.getName(), own, checker);
    });
    return `## ${title}\n\n${parts.sort().join('\n')}`;
  });
  return `# What programs can import\n\n<!-- made by npm run manual: do not edit -->\n\n${chapters.join('\n')}`;
}

function entry(name: string, symbol: ts.Symbol, checker: ts.TypeChecker): string {
  const [declaration] = symbol.getDeclarations() ?? [];
  const said = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replaceAll('\n', ' ');
  return `### ${name}\n\n${said === '' ? '' : `${said.replaceAll('<', '&lt;')}\n\n`}\`\`\`ts\n${declaration ? shown(declaration) : name}\n\`\`\`\n`;
}

/** A declaration without what it does. */
function shown(declaration: ts.Declaration): string {
  const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  const text = node.getText().replace(/^export /, '');
  if (ts.isFunctionDeclaration(declaration) && declaration.body)
    return text.slice(0, text.length - declaration.body.getText().length).trimEnd();
  if (ts.isClassDeclaration(declaration)) return text.split('{')[0]!.trimEnd();
  if (ts.isVariableDeclaration(declaration)) {
    const arrow = text.indexOf('=>');
    return arrow < 0 ? text : text.slice(0, arrow).trimEnd();
  }
  return text;
}

/** What editors complete and check `premotor.yaml` by. */
function schemaPage(): string {
  return `${JSON.stringify(defaultsSchema(program({ env: {}, dir: '.', write: () => {} })), null, 2)}\n`;
}

/** A file's text, after the mark that names it. */
const INCLUDED = /(<!-- include (\S+) -->)\n(?:\n```ts\n[\s\S]*?\n```\n)?/g;

export const pages: Readonly<Record<string, () => string>> = {
  'docs/commands.md': commandsPage,
  'docs/api.md': apiPage,
  'docs/premotor.schema.json': schemaPage,
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of readdirSync(`${root}docs`).filter((each) => each.endsWith('.md'))) {
    const path = `${root}docs/${name}`;
    const page = readFileSync(path, 'utf8');
    const whole = page.replace(INCLUDED, (_, mark: string, file: string) => {
      const code = readFileSync(`${root}${file}`, 'utf8').trimEnd();
      return `${mark}\n\n\`\`\`ts\n${code}\n\`\`\`\n`;
    });
    if (whole !== page) writeFileSync(path, whole);
  }
  for (const [path, make] of Object.entries(pages)) {
    const page = make();
    if (readable(path) !== page) writeFileSync(`${root}${path}`, page);
    console.log(`${path}: ${page.split('\n').length} lines`);
  }
}

function readable(path: string): string | undefined {
  try {
    return readFileSync(`${root}${path}`, 'utf8');
  } catch {
    return undefined;
  }
}

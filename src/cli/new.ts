/** `fishplate new`: a name comes in; the folder of a connector that passes its test at once goes out. */
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { type Command, Option } from 'commander';
import { type CommandContext, createCommand } from './command.ts';
import type { Io } from './io.ts';
import { packagePath } from './package.ts';
import { usageError } from './report-error.ts';
import { buildScaffold } from './scaffold.ts';
import { type ScaffoldAuth, scaffoldAuths } from './scaffold-auth.ts';

interface NewOptions {
  readonly auth: ScaffoldAuth;
  readonly dir: string;
  readonly title?: string;
}

export function newCommand({ io }: CommandContext): Command {
  return createCommand('new', io, {
    description:
      "Makes the folder of a new connector: an example that passes `fishplate test`, to put the vendor's own hosts,\n" +
      'methods and refusals into.',
    examples: ['new acme', 'new acme --auth api-key', 'new acme-crm --title "Acme CRM" --dir vendors'],
  })
    .argument('<name>', 'lower-case letters, digits and hyphens: the name in URLs and on the command line')
    .addOption(
      new Option('--auth <kind>', 'how the vendor is authenticated with')
        .choices(scaffoldAuths)
        .default('client-credentials'),
    )
    .option('--dir <folder>', 'the folder to make it in', 'connector')
    .option('--title <title>', 'what people call the vendor; made of the name unless given')
    .action((name: string, options: NewOptions) => makeConnector(name, options, io));
}

/** The pattern of `name` in schemas/connector.schema.json. */
const NAME = /^[a-z][a-z0-9-]{0,62}$/;

async function makeConnector(name: string, { auth, dir, title }: NewOptions, io: Io): Promise<void> {
  if (!NAME.test(name))
    throw usageError(
      `"${name}" cannot be the name of a connector`,
      'Begin with a lower-case letter; go on with lower-case letters, digits and hyphens, 63 characters at most.',
    );
  if (title !== undefined && !/^[\p{L}\p{N}][\p{L}\p{N} .+&-]{0,79}$/u.test(title))
    throw usageError(
      `"${title}" cannot be a title`,
      'Letters, digits, spaces and . + & - will do; it is changed in connector.yaml later.',
    );
  const folder = resolve(io.cwd, dir, name);
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw usageError(
      `${join(dir, name)} exists already, and is not empty`,
      'Nothing was written. Choose another name or --dir.',
    );
  const files = buildScaffold({
    ...{ name, auth, title: title ?? titleOf(name) },
    schemas: pathFrom(folder, packagePath('schemas')),
    docs: pathFrom(folder, packagePath('docs')),
  });
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text, { flag: 'wx' });
  }
  const guide = pathFrom(io.cwd, packagePath('docs/add-a-connector.md'));
  io.stdout.write(nextSteps(join(dir, name), name, [...files.keys()], guide));
}

const pathFrom = (folder: string, target: string) => relative(folder, target).split(sep).join('/');

const titleOf = (name: string) =>
  name
    .split('-')
    .filter((word) => word !== '')
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join(' ');

function nextSteps(folder: string, name: string, files: readonly string[], guide: string): string {
  const test = `npx fishplate test ${folder}`;
  const harness = `npx fishplate harness --connectors ${folder}`;
  return `made ${folder}
${files.map((file) => `  ${file}\n`).join('')}
It is complete, and plays a vendor of tasks. Next:
  ${test.padEnd(harness.length)}  tries all of it, offline
  ${harness}  plays the vendor, and prints the commands to install and call ${name}
Then change what is marked "Example" to what the vendor documents, one file at a time, and test again.
${guide} goes through it, from an API's documentation to a connector.
`;
}

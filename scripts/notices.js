/** Files that went into a bundle come in; the notices that their licences ask for go out as one text. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LICENCE_FILE = /^(?:licen[cs]e|copying|notice)/i;

/**
 * @param {readonly string[]} files Absolute paths; those outside of `node_modules` are ours and need none.
 * @returns {string}
 */
export function noticesOf(files) {
  const folders = new Set(files.map(packageFolder).filter((folder) => folder !== undefined));
  const notices = [...folders].map(noticeOf);
  // Two copies of one release need to be named once.
  const byName = new Map(notices.map((notice) => [notice.title, notice]));
  const sorted = [...byName.values()].sort((a, b) => (a.title < b.title ? -1 : 1));
  return [HEAD, ...sorted.map(({ title, text }) => `${title}\n\n${text.trim()}\n`)].join(RULE);
}

const HEAD = 'The files in bundle/ and console/ hold code of these packages, each under its own licence.\n';
const RULE = `\n${'-'.repeat(80)}\n\n`;

/** `.../node_modules/name` or `.../node_modules/@scope/name`. Bundlers put marks before and behind a path. */
const packageFolder = (file) =>
  /\/.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file.replaceAll('\\', '/'))?.[0];

function noticeOf(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  const holder = typeof author === 'string' ? author : author?.name;
  if (texts.length === 0 && license === undefined)
    throw new Error(`${name} ${version} says nothing of its licence: it cannot be bundled`);
  const fallback = `Licence: ${license}${holder === undefined ? '' : `\nCopyright: ${holder}`}`;
  return { title: `${name} ${version}`, text: texts.length > 0 ? texts.join('\n\n') : fallback };
}

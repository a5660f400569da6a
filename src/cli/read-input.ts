/** A file's name, or `-` for what is piped in, comes in; the text goes out. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { findRounded } from '../exact-integers.ts';
import type { Io } from './io.ts';
import { usageError } from './report-error.ts';

/** Throws `cli.usage` when the file cannot be read. */
export async function readInput(name: string, io: Io): Promise<string> {
  if (name === '-') return readAll(io.stdin);
  try {
    return await readFile(resolve(io.cwd, name), 'utf8');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : 'cannot be read';
    throw usageError(`the file ${name} ${why}`, 'Check the path, or give - for what is piped in.');
  }
}

/** What was copied from a vendor's screen. Throws `cli.usage` when there is nothing in it. */
export async function readPasteText(name: string, io: Io): Promise<string> {
  const text = await readInput(name, io);
  if (text.trim() !== '') return text;
  throw usageError('there is nothing in the paste', 'Pipe in what the vendor showed, or name a file.');
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** A JSON value: the text itself, `@file`, or `-` for what is piped in. Throws `cli.usage`. */
export async function readJsonOption(option: string, text: string, io: Io): Promise<unknown> {
  const isFile = text === '-' || text.startsWith('@');
  const json = isFile ? await readInput(text.replace(/^@/, ''), io) : text;
  const digits = findRounded(json);
  if (digits !== undefined)
    throw usageError(
      `${option} holds an integer of ${digits} digits, which would be rounded on its way`,
      'Write it as a text, in quotes, where the vendor takes one.',
    );
  try {
    return JSON.parse(json) as unknown;
  } catch (error) {
    const place = /(?:position \d+.*|line \d+.*)$/.exec((error as Error).message)?.[0];
    throw usageError(
      `${option} is not JSON${place === undefined ? '' : ` (${place})`}`,
      `Write ${option} '{"name": "value"}', ${option} @file.json, or ${option} - to read what is piped in.`,
    );
  }
}

/** The body of an answer comes in; it goes out to the terminal, or into a file: then as the vendor sent it. */
import { open, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { FishplateError } from '../errors.ts';
import { readFileBody } from '../response/file.ts';
import type { Io } from './io.ts';

export interface OutputOptions {
  readonly output?: string;
}

export const addOutputOption = (command: Command): Command =>
  command.option('--output <file>', 'write the answer into a file: bytes as the vendor sent them');

/** Before anything is sent: an answer that cannot be kept may be the only one. Throws `cli.output`. */
export async function assertWritable({ output }: OutputOptions, io: Io): Promise<void> {
  if (output === undefined) return;
  try {
    await (await open(resolve(io.cwd, output), 'a')).close();
  } catch (cause) {
    throw cannotWrite(output, cause, 'nothing was sent');
  }
}

/** A file in the answer is written as its bytes, all else as it would be printed. Throws `cli.output`. */
export async function writeAnswer(body: unknown, { output }: OutputOptions, io: Io): Promise<void> {
  const file = readFileBody(body);
  if (output === undefined) {
    io.stdout.write(formatBody(body));
    if (file) io.stderr.write(`This is a file (${file.mediaType}): --output <file> writes it as it is.\n`);
    return;
  }
  const content = file ? file.bytes : typeof body === 'string' ? body : formatBody(body);
  try {
    await writeFile(resolve(io.cwd, output), content);
  } catch (cause) {
    throw cannotWrite(output, cause, 'the answer came, and is lost');
  }
  io.stderr.write(`Wrote ${Buffer.byteLength(content)} bytes to ${output}.\n`);
}

const cannotWrite = (output: string, cause: unknown, so: string) =>
  new FishplateError(
    'cli.output',
    `${output} cannot be written (${(cause as NodeJS.ErrnoException).code ?? 'failed'}); ${so}`,
    { cause },
  );

/** JSON on several lines, text as it is, nothing for an empty answer. */
export function formatBody(body: unknown): string {
  if (body === undefined || body === null || body === '') return '';
  return `${typeof body === 'string' ? body : JSON.stringify(body, null, 2)}\n`;
}

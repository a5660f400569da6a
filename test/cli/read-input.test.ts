import { expect, it } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { readJsonOption } from '../../src/cli/read-input.ts';

/** Nothing of it is used where the text itself is given. */
const io = {} as Io;

it('refuses JSON with an integer that would be rounded, and takes it as a text', async () => {
  await expect(readJsonOption('--body', '{"id":12345678901234567890}', io)).rejects.toMatchObject({
    code: 'cli.usage',
    message: expect.stringContaining('--body holds an integer of 20 digits'),
  });
  const text = '{"id":"12345678901234567890"}';
  expect(await readJsonOption('--body', text, io)).toEqual({ id: '12345678901234567890' });
});

/** `fishplate upload`: an installation, the kind of file and the file come in; the vendor's record of its job goes out. */
import { readFile } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import type { Command } from 'commander';
import { pathOf } from './api-client.ts';
import { type ApiOptions, addAccountOptions, openApi } from './api-options.ts';
import { chooseAccount, chooseInstallation } from './choose.ts';
import { type CommandContext, createCommand } from './command.ts';
import { parseGivenValues } from './given-values.ts';
import { addKeyOption, type KeyOptions, readKey, tellReplayed } from './idempotency-key.ts';
import { usageError } from './report-error.ts';
import { formatBody } from './write-answer.ts';

interface UploadOptions extends ApiOptions, KeyOptions {
  readonly type?: string;
}

/** What most files of a kind are; `--type` says otherwise. */
const types: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.jsonl': 'application/jsonl',
  '.csv': 'text/csv',
};

export function uploadCommand({ io }: CommandContext): Command {
  const command = createCommand('upload', io, {
    description:
      "Sends a file to the vendor, waits until it is processed, and prints the vendor's record of the job.",
    examples: ['upload acme orders orders.csv', 'upload acme prices prices.csv tableId=t1 --type text/csv'],
  })
    .argument('<installation>', "its id or name, or its connector's when there is one of it")
    .argument('<upload>', "one of the connector's uploads")
    .argument('<file>', 'the file to send')
    .argument('[arguments...]', 'name=value: what the file belongs to')
    .option('--type <media type>', 'its content type, where the ending does not say');
  return addAccountOptions(addKeyOption(command)).action(
    async (wanted: string, upload: string, path: string, words: string[], options: UploadOptions) => {
      const type = options.type ?? types[extname(path).toLowerCase()];
      if (type === undefined)
        throw usageError(`what ${path} holds cannot be told from its name`, 'Give --type.');
      const content = await readFile(resolve(io.cwd, path)).catch((error: NodeJS.ErrnoException) => {
        throw usageError(`${path} cannot be read (${error.code ?? error.message})`, 'Check the path.');
      });
      const api = openApi(options, io);
      const account = await chooseAccount(api, options, io);
      const installation = await chooseInstallation(api, account, wanted);
      const body = {
        FileName: basename(path),
        ContentType: type,
        Content: content.toString('base64'),
        Encoding: 'base64',
        Parameters: parseGivenValues(words),
      };
      const to = pathOf`/v1.0/account/connectors/${installation.Id}/uploads/${upload}`;
      const answer = await api.request('POST', to, { account, body, idempotencyKey: readKey(options) });
      tellReplayed(answer, io);
      io.stdout.write(formatBody((answer.body as { readonly Job: unknown }).Job));
    },
  );
}

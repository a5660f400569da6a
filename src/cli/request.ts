/** `fishplate request`: an installation, verb and path come in; the vendor's answer goes out. For what no method describes. */
import type { Command } from 'commander';
import { pathOf } from './api-client.ts';
import { type ApiOptions, addAccountOptions, openApi } from './api-options.ts';
import { chooseAccount, chooseInstallation } from './choose.ts';
import { type CommandContext, createCommand } from './command.ts';
import { parseGivenValues } from './given-values.ts';
import { addKeyOption, type KeyOptions, readKey, tellReplayed } from './idempotency-key.ts';
import { readJsonOption } from './read-input.ts';
import { addOutputOption, assertWritable, type OutputOptions, writeAnswer } from './write-answer.ts';

interface RequestOptions extends ApiOptions, KeyOptions, OutputOptions {
  readonly body?: string;
  readonly host?: string;
}

export function requestCommand({ io }: CommandContext): Command {
  const command = createCommand('request', io, {
    description:
      "Sends a request that no method describes, to one of the connector's hosts, and prints the answer.",
    examples: [
      'request acme GET /things/t1/history limit=10',
      `request acme POST /things --body '{"name": "First"}'`,
    ],
  })
    .argument('<installation>', "its id or name, or its connector's when there is one of it")
    .argument('<verb>', 'GET, POST, PUT, PATCH or DELETE')
    .argument('<path>', 'begins with a slash; {{settings}} that are not secret may stand in it')
    .argument('[query...]', 'name=value')
    .option('--body <json>', 'the request body: JSON, @file, or - for what is piped in')
    .option('--host <name>', "one of the connector's hosts");
  return addAccountOptions(addKeyOption(addOutputOption(command))).action(
    async (wanted: string, verb: string, path: string, words: string[], options: RequestOptions) => {
      const api = openApi(options, io);
      const account = await chooseAccount(api, options, io);
      const installation = await chooseInstallation(api, account, wanted);
      const request = {
        Verb: verb.toUpperCase(),
        Path: path,
        Query: parseGivenValues(words),
        ...(options.host !== undefined && { Host: options.host }),
        ...(options.body !== undefined && { Body: await readJsonOption('--body', options.body, io) }),
      };
      const to = pathOf`/v1.0/account/connectors/${installation.Id}/request`;
      const idempotencyKey = readKey(options);
      await assertWritable(options, io);
      const answer = await api.request('POST', to, { account, body: request, idempotencyKey });
      tellReplayed(answer, io);
      await writeAnswer(answer.body, options, io);
    },
  );
}

/** `fishplate request`: an installation, verb and path come in; the vendor's answer goes out. For what no method describes. */
import type { Command } from 'commander';
import { FORM_TYPE } from '../request/form.ts';
import { pathOf } from './api-client.ts';
import { type ApiOptions, addAccountOptions, openApi } from './api-options.ts';
import { chooseAccount, chooseInstallation } from './choose.ts';
import { type CommandContext, createCommand } from './command.ts';
import { parseGivenValues } from './given-values.ts';
import { addKeyOption, type KeyOptions, readKey, tellReplayed } from './idempotency-key.ts';
import { readJsonOption } from './read-input.ts';
import { usageError } from './report-error.ts';
import { addOutputOption, assertWritable, type OutputOptions, writeAnswer } from './write-answer.ts';

interface RequestOptions extends ApiOptions, KeyOptions, OutputOptions {
  readonly body?: string;
  readonly form?: boolean;
  readonly contentType?: string;
  readonly host?: string;
}

export function requestCommand({ io }: CommandContext): Command {
  const command = createCommand('request', io, {
    description:
      "Sends a request that no method describes, to one of the connector's hosts, and prints the answer.",
    examples: [
      'request acme GET /things/t1/history limit=10',
      `request acme POST /things --body '{"name": "First"}'`,
      `request acme POST /things --form --body '{"name": "First"}'`,
    ],
  })
    .argument('<installation>', "its id or name, or its connector's when there is one of it")
    .argument('<verb>', 'GET, POST, PUT, PATCH or DELETE')
    .argument('<path>', 'begins with a slash; {{settings}} that are not secret may stand in it')
    .argument('[query...]', 'name=value')
    .option('--body <json>', 'the request body: JSON, @file, or - for what is piped in')
    .option('--form', 'send the body as a form; unless said, it is written as most methods of the host do')
    .option('--content-type <type>', 'a JSON type such as application/merge-patch+json, or that of forms')
    .option('--host <name>', "one of the connector's hosts");
  return addAccountOptions(addKeyOption(addOutputOption(command))).action(
    async (wanted: string, verb: string, path: string, words: string[], options: RequestOptions) => {
      const contentType = contentTypeOf(options);
      const api = openApi(options, io);
      const account = await chooseAccount(api, options, io);
      const installation = await chooseInstallation(api, account, wanted);
      const request = {
        Verb: verb.toUpperCase(),
        Path: path,
        Query: parseGivenValues(words),
        ...(options.host !== undefined && { Host: options.host }),
        ...(contentType !== undefined && { ContentType: contentType }),
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

/** Throws `cli.usage` where the two contradict each other. */
function contentTypeOf({ form = false, contentType }: RequestOptions): string | undefined {
  if (form && contentType !== undefined)
    throw usageError('--form and --content-type both say how the body is written', 'Give one of them.');
  return form ? FORM_TYPE : contentType;
}

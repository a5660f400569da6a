/** `fishplate preview`: a call comes in; the request that it would send goes out, with the origin of each part, unsent. */
import type { Command } from 'commander';
import { pathOf } from './api-client.ts';
import { type ApiOptions, addAccountOptions, openApi } from './api-options.ts';
import type { PreviewAnswer } from './api-views.ts';
import { chooseAccount, chooseInstallation } from './choose.ts';
import { type CommandContext, createCommand } from './command.ts';
import { addKeyOption, type KeyOptions, readKey } from './idempotency-key.ts';
import { addSettingOption, type CallSettings, readCallSettings, readMethodCall } from './method-arguments.ts';
import { usageError } from './report-error.ts';

interface PreviewOptions extends ApiOptions, CallSettings, KeyOptions {
  readonly body?: string;
  readonly curl?: boolean;
  readonly json?: boolean;
}

export function previewCommand({ io }: CommandContext): Command {
  const command = createCommand('preview', io, {
    description: 'Shows a call as it would be sent: nothing is sent, and secrets are masked.',
    examples: [
      'preview acme things.get id=t1',
      `preview acme things.create --body '{"name": "First"}' --curl`,
    ],
  })
    .argument('<installation>', "its id or name, or its connector's when there is one of it")
    .argument('<method>', 'key, UUID or integer id')
    .argument('[arguments...]', 'name=value; lists are written a,b,c')
    .option('--body <json>', 'the request body: JSON, @file, or - for what is piped in')
    .option('--curl', 'print only the curl command; it takes the credential from the variable TOKEN')
    .option('--json', 'print the preview as JSON');
  return addAccountOptions(addSettingOption(addKeyOption(command))).action(
    async (wanted: string, method: string, words: string[], options: PreviewOptions) => {
      if (options.curl && options.json)
        throw usageError('--curl and --json exclude each other', 'Give one of the two.');
      const idempotencyKey = readKey(options);
      const api = openApi(options, io);
      const account = await chooseAccount(api, options, io);
      const installation = await chooseInstallation(api, account, wanted);
      const body = {
        ...(await readMethodCall(api, installation, method, words, options.body, io)),
        ...readCallSettings(options),
      };
      const path = pathOf`/v1.0/account/connectors/${installation.Id}/preview/${method}`;
      const preview = await api.post<PreviewAnswer>(path, { account, body, idempotencyKey });
      if (options.curl) io.stdout.write(`${preview.Curl}\n`);
      else io.stdout.write(options.json ? `${JSON.stringify(preview, null, 2)}\n` : formatPreview(preview));
    },
  );
}

export function formatPreview({ Method, Url, Headers, Body, Provenance, Curl }: PreviewAnswer): string {
  const headers = Object.entries(Headers).map(([name, value]) => `${name}: ${value}\n`);
  const body =
    Body === undefined ? '' : `\n${typeof Body === 'string' ? Body : JSON.stringify(Body, null, 2)}\n`;
  const origins = Provenance.map(({ Name, In, Source }) => `  ${In} ${Name}: ${Source}\n`);
  return `${Method} ${Url}\n${headers.join('')}${body}\nWhere it comes from:\n${origins.join('')}\n${Curl}\n`;
}

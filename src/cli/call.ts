/** `fishplate call`: an installation, a method and its arguments come in; the vendor's answer goes out. */
import type { Command } from 'commander';
import { FishplateError } from '../errors.ts';
import { cappedError, type ListBounds } from '../response/capped-list.ts';
import { valueAt } from '../response/read.ts';
import { createRepeatWatch } from '../response/repeated-page.ts';
import { type Api, pathOf } from './api-client.ts';
import { type ApiOptions, addAccountOptions, openApi } from './api-options.ts';
import type { InstallationAnswer } from './api-views.ts';
import { chooseAccount, chooseInstallation } from './choose.ts';
import { type CommandContext, createCommand } from './command.ts';
import { addKeyOption, type KeyOptions, readKey, tellReplayed } from './idempotency-key.ts';
import type { Io } from './io.ts';
import {
  addSettingOption,
  type CallSettings,
  type MethodCallBody,
  readCallSettings,
  readMethodCall,
} from './method-arguments.ts';
import { usageError } from './report-error.ts';
import { addOutputOption, assertWritable, type OutputOptions, writeAnswer } from './write-answer.ts';

interface CallOptions extends ApiOptions, CallSettings, KeyOptions, OutputOptions {
  readonly body?: string;
  readonly all?: boolean;
  readonly merge?: boolean;
  readonly strict?: boolean;
}

export function callCommand({ io }: CommandContext): Command {
  const command = createCommand('call', io, {
    description: "Calls a method and prints the vendor's answer.",
    examples: [
      'call acme things.list pageSize=10',
      'call acme things.list --all',
      'call acme things.get id=t1 --account a1',
      `call acme things.create --body '{"name": "First"}'`,
      'call acme things.create --body @thing.json',
      `call acme things.update id=t1 --body '{"name": "New"}' --merge`,
      'call acme things.create --body @thing.json --idempotency-key order-4711',
      'call acme invoices.pdf id=i1 --output invoice.pdf',
    ],
  })
    .argument('<installation>', "its id or name, or its connector's when there is one of it")
    .argument('<method>', 'key, UUID or integer id')
    .argument('[arguments...]', 'name=value; lists are written a,b,c')
    .option('--body <json>', 'the request body: JSON, @file, or - for what is piped in')
    .option('--merge', 'the body holds only the fields to change; null takes one away')
    .option('--strict', 'refuse rows that refer to what the vendor does not know, before anything is sent')
    .option(
      '--all',
      'read every page, the largest that the vendor gives unless a size is given, and print each item as one line of JSON',
    );
  return addAccountOptions(addSettingOption(addKeyOption(addOutputOption(command)))).action(
    async (wanted: string, method: string, words: string[], options: CallOptions) => {
      const api = openApi(options, io);
      const account = await chooseAccount(api, options, io);
      const installation = await chooseInstallation(api, account, wanted);
      const call: MethodCallBody = {
        ...(await readMethodCall(api, installation, method, words, options.body, io)),
        ...readCallSettings(options),
        ...(options.merge && { Merge: true }),
        ...(options.strict && { Strict: true }),
      };
      if (options.all && options.output !== undefined)
        throw usageError('--all prints items, and --output keeps one answer');
      if (options.all && options.idempotencyKey !== undefined)
        throw usageError('--all reads, and --idempotency-key is for one call that changes something');
      await assertWritable(options, io);
      if (options.all) await printAll(api, installation, method, call, io);
      else {
        const answer = await callMethod(api, installation, method, call, readKey(options));
        tellReplayed(answer, io);
        await writeAnswer(answer.body, options, io);
      }
    },
  );
}

const callMethod = (
  api: Api,
  { Id, AccountId }: InstallationAnswer,
  method: string,
  body: MethodCallBody,
  idempotencyKey?: string,
) =>
  api.request('POST', pathOf`/v1.0/account/connectors/${Id}/methods/${method}`, {
    ...{ account: AccountId, body, idempotencyKey },
  });

async function printAll(
  api: Api,
  installation: InstallationAnswer,
  method: string,
  call: MethodCallBody,
  io: Io,
): Promise<void> {
  const pageSize = await readPageSize(api, installation, method);
  const seen = new Set<string>();
  let parameters = withLargestPage(call, pageSize);
  let read = 0;
  const isRepeated = createRepeatWatch();
  for (;;) {
    const { body, headers } = await callMethod(api, installation, method, {
      ...call,
      Parameters: parameters,
    });
    const [path, next] = [headers.get('x-items'), headers.get('x-next-page')];
    const items = itemsOf(body, path ?? '', next === null);
    if (isRepeated(body, items))
      throw new FishplateError('pages.repeated', `${method} answered the page before once more`);
    for (const item of items) io.stdout.write(`${JSON.stringify(item)}\n`);
    read += items.length;
    const capped = cappedError(method, boundsOf(headers), read, next !== null);
    if (capped) throw capped;
    if (next === null) return;
    if (seen.has(next)) throw new FishplateError('pages.endless', `${method} gave the same page token twice`);
    seen.add(next);
    parameters = JSON.parse(next) as MethodCallBody['Parameters'];
  }
}

type PageSize = {
  readonly Parameter: string;
  readonly Maximum: number | null;
  readonly Position: string | null;
} | null;

/** Said before anything is sent: a method without pages may be one that changes something. Throws `cli.usage`. */
async function readPageSize(
  api: Api,
  { Connector }: InstallationAnswer,
  method: string,
): Promise<PageSize | undefined> {
  const path = pathOf`/v1.0/connectors/${Connector.Name}/methods/${method}`;
  const { IsPaged, PageSize } = await api.get<{ IsPaged: boolean; PageSize?: PageSize }>(path);
  if (!IsPaged) throw usageError(`${method} has no pages`, 'Leave --all out.');
  return PageSize;
}

/** Whoever wants all wants few requests: they are what vendors count. A size that is given stays. */
function withLargestPage(
  { Parameters: parameters, Body: body }: MethodCallBody,
  size: PageSize | undefined,
): MethodCallBody['Parameters'] {
  if (!size || size.Maximum === null) return parameters;
  // Searches by POST may have them in the body. Whoever begins at page 3 means that of pages of the usual size.
  const isGiven = (name: string | null) =>
    name !== null && (Object.hasOwn(parameters ?? {}, name) || valueAt(body, name) !== undefined);
  return isGiven(size.Parameter) || isGiven(size.Position)
    ? parameters
    : { ...parameters, [size.Parameter]: size.Maximum };
}

function boundsOf(headers: Headers): ListBounds {
  const [maximumItems, total] = [headers.get('x-maximum-items'), headers.get('x-total-items')];
  return {
    ...(maximumItems !== null && { maximumItems: Number(maximumItems) }),
    ...(total !== null && { total: Number(total) }),
  };
}

/** The items of a page, read as the runtime reads them: some vendors answer one entity, or a bare list, in place of a page. */
function itemsOf(body: unknown, path: string, isLast: boolean): readonly unknown[] {
  const found = valueAt(body, path);
  if (Array.isArray(found)) return found;
  if (found !== undefined && found !== null) return [found];
  if (Array.isArray(body)) return body;
  const isEmpty = typeof body !== 'object' || body === null || Object.keys(body).length === 0;
  return found === null || isEmpty || !isLast ? [] : [body];
}

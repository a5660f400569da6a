/** A method's name and `name=value` words come in; the body of an API call goes out, values typed by the method's schema. */
import type { Command } from 'commander';
import type { JsonSchema } from '../definition/connector.ts';
import { coerceText } from '../request/arguments.ts';
import { type Api, pathOf } from './api-client.ts';
import type { InstallationAnswer, MethodSchemaAnswer } from './api-views.ts';
import { collect } from './command.ts';
import { parseGivenValues } from './given-values.ts';
import type { Io } from './io.ts';
import { readJsonOption } from './read-input.ts';

/** As much of method-call.schema.json as the command line can say. */
export interface MethodCallBody {
  readonly Parameters: Readonly<Record<string, unknown>>;
  readonly Body?: unknown;
  readonly Settings?: Readonly<Record<string, string>>;
  readonly Merge?: boolean;
  readonly Strict?: boolean;
}

/** What every command has that makes a call, or shows one. */
export interface CallSettings {
  readonly setting?: readonly string[];
}

export const addSettingOption = (command: Command): Command =>
  command.option(
    '--setting <name=value>',
    'a setting for this call alone, where the connector lets a call have its own; may be repeated',
    collect,
  );

/** Throws `cli.usage`. */
export const readCallSettings = ({ setting }: CallSettings): Pick<MethodCallBody, 'Settings'> =>
  setting === undefined ? {} : { Settings: parseGivenValues(setting) };

/** Names that the method does not have go along as they are: the API says which ones there are. Throws `method.unknown`, `cli.usage`. */
export async function readMethodCall(
  api: Api,
  installation: InstallationAnswer,
  method: string,
  words: readonly string[],
  body: string | undefined,
  io: Io,
): Promise<MethodCallBody> {
  const given = parseGivenValues(words);
  const { Name } = installation.Connector;
  const parsed = body === undefined ? undefined : await readJsonOption('--body', body, io);
  // Types matter only where there are values.
  const schema =
    words.length === 0
      ? undefined
      : await api.get<MethodSchemaAnswer>(pathOf`/v1.0/connectors/${Name}/methods/${method}/schema`);
  return {
    Parameters: Object.fromEntries(
      Object.entries(given).map(([name, text]) => [name, coerceText(schemaOf(schema, name), text)]),
    ),
    ...(parsed !== undefined && { Body: parsed }),
  };
}

function schemaOf(method: MethodSchemaAnswer | undefined, name: string): JsonSchema {
  const own = method?.Parameters.properties[name] ?? true;
  if (typeof own !== 'object' || typeof own.$ref !== 'string') return own;
  const target = method?.Parameters.$defs?.[own.$ref.replace('#/$defs/', '')];
  return { ...(typeof target === 'object' ? target : {}), ...own };
}

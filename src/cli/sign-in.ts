/** `fishplate sign-in`: the access key of this terminal comes in, a link that signs a browser in goes out. */
import type { Command } from 'commander';
import { type ApiOptions, addApiOptions, openApi } from './api-options.ts';
import { type CommandContext, createCommand } from './command.ts';

interface SignInOptions extends ApiOptions {
  readonly json?: boolean;
}

interface SignInLink {
  readonly Path: string;
  readonly ExpiresDate: string;
}

export function signInCommand({ io }: CommandContext): Command {
  const command = createCommand('sign-in', io, {
    description:
      'Prints a link that opens the console, signed in as this access key. It works once, within ten minutes:\n' +
      'whoever opens it first is in.',
    examples: ['sign-in', 'sign-in --json'],
  }).option('--json', 'print a JSON object');
  return addApiOptions(command).action(async (options: SignInOptions) => {
    const api = openApi(options, io);
    const { Path, ExpiresDate } = await api.post<SignInLink>('/v1.0/session/link');
    const url = `${api.url}${Path}`;
    io.stdout.write(options.json ? `${JSON.stringify({ url, expires: ExpiresDate })}\n` : `${url}\n`);
  });
}

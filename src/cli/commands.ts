/** Every command with its summary, in the order in which help lists them; each is loaded when it is wanted. */
import type { CommandMaker } from './command.ts';

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<CommandMaker>;
}

export const commandEntries: readonly CommandEntry[] = [
  {
    name: 'demo',
    summary: 'walk the whole story, from key to call, and print it',
    load: async () => (await import('./demo.ts')).demoCommand,
  },
  {
    name: 'harness',
    summary: 'start the API and a sandbox of each vendor on this machine',
    load: async () => (await import('./harness.ts')).harnessCommand,
  },
  {
    name: 'serve',
    summary: 'start the API alone',
    load: async () => (await import('./serve.ts')).serveCommand,
  },
  {
    name: 'new',
    summary: 'make the folder of a new connector',
    load: async () => (await import('./new.ts')).newCommand,
  },
  {
    name: 'validate',
    summary: 'check the definitions of connectors',
    load: async () => (await import('./validate.ts')).validateCommand,
  },
  {
    name: 'methods',
    summary: 'list what a connector can do',
    load: async () => (await import('./methods.ts')).methodsCommand,
  },
  {
    name: 'drift',
    summary: "compare a connector with the vendor's OpenAPI document",
    load: async () => (await import('./drift.ts')).driftCommand,
  },
  {
    name: 'accounts',
    summary: 'list and create accounts',
    load: async () => (await import('./accounts.ts')).accountsCommand,
  },
  {
    name: 'setup',
    summary: "give a connector's settings once, for every account",
    load: async () => (await import('./setup.ts')).setupCommand,
  },
  {
    name: 'install',
    summary: 'install a connector in an account and test the connection',
    load: async () => (await import('./install.ts')).installCommand,
  },
  {
    name: 'installations',
    summary: 'list the installations of an account',
    load: async () => (await import('./installations.ts')).installationsCommand,
  },
  {
    name: 'settings',
    summary: 'show or change the settings of an installation',
    load: async () => (await import('./settings.ts')).settingsCommand,
  },
  {
    name: 'rename',
    summary: 'give an installation another name',
    load: async () => (await import('./rename.ts')).renameCommand,
  },
  {
    name: 'uninstall',
    summary: 'delete an installation with its values and its token',
    load: async () => (await import('./uninstall.ts')).uninstallCommand,
  },
  {
    name: 'rotate',
    summary: "replace an installation's credentials without a failed call",
    load: async () => (await import('./rotate.ts')).rotateCommand,
  },
  {
    name: 'test',
    summary: 'try a connector offline, or prove an installation',
    load: async () => (await import('./test.ts')).testCommand,
  },
  {
    name: 'call',
    summary: 'call a method of an installation',
    load: async () => (await import('./call.ts')).callCommand,
  },
  {
    name: 'request',
    summary: 'send a request that no method describes',
    load: async () => (await import('./request.ts')).requestCommand,
  },
  {
    name: 'upload',
    summary: 'send a file to the vendor and follow its job',
    load: async () => (await import('./upload.ts')).uploadCommand,
  },
  {
    name: 'preview',
    summary: 'show a call as it would be sent, without sending it',
    load: async () => (await import('./preview.ts')).previewCommand,
  },
  {
    name: 'logs',
    summary: 'show the latest calls',
    load: async () => (await import('./logs.ts')).logsCommand,
  },
  {
    name: 'sign-in',
    summary: 'print a link that opens the console',
    load: async () => (await import('./sign-in.ts')).signInCommand,
  },
  {
    name: 'service-users',
    summary: 'manage who may call the API, and their access keys',
    load: async () => (await import('./service-users.ts')).serviceUsersCommand,
  },
  {
    name: 'keys',
    summary: 'show and replace the key that secrets are encrypted with',
    load: async () => (await import('./keys.ts')).keysCommand,
  },
];

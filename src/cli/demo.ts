/** `fishplate demo`: the whole story over real HTTP, from a key at the vendor to a call log; its transcript goes out. */
import type { Command } from 'commander';
import type { Values } from '../sandbox/fill.ts';
import { redactText } from '../secret.ts';
import { pathOf } from './api-client.ts';
import { type ApiOptions, addApiOptions } from './api-options.ts';
import type { AccountView, CallAnswer, InstallationAnswer, SetupView, TestAnswer } from './api-views.ts';
import { type CommandContext, createCommand } from './command.ts';
import { showRefusal } from './demo-refusals.ts';
import type { SandboxKey } from './demo-sandbox.ts';
import { performStep } from './demo-steps.ts';
import { assertDemo, createTranscript, type Say, type Transcript } from './demo-transcript.ts';
import { type DemoPlace, type DemoWorld, openPlace, worldOf } from './demo-world.ts';
import { formatInstallation, formatTest } from './installation-text.ts';
import type { Io } from './io.ts';
import { formatCalls } from './logs.ts';

export function demoCommand({ io }: CommandContext): Command {
  const command = createCommand('demo', io, {
    description:
      'Walks the whole story over HTTP and prints it: a key in the vendor sandbox, console setup, install, connection\n' +
      'test, five ways to be refused, calls, preview, call log. It starts a harness of its own, in memory, unless one\n' +
      "is named with --url, whose console then keeps the demo's key. Exits with 0 only when every step did what it says.",
    examples: ['demo', 'demo acme', 'demo --url http://127.0.0.1:8787'],
  }).argument('[connector]', 'its name; the first that has a demo.yaml when left out');
  return addApiOptions(command).action(async (name: string | undefined, options: ApiOptions) => {
    const place = await openPlace(options, name, io);
    try {
      await tell(place, io);
    } finally {
      await place.close();
    }
  });
}

async function tell(place: DemoPlace, io: Io): Promise<void> {
  const { connector, script } = place;
  const transcript = createTranscript(io);
  const run = Math.random().toString(36).slice(2, 8);
  io.stdout.write(`${connector.title} ${connector.version}, played on this machine\n`);
  const world = await makeAccount(place, transcript, run);
  const key = await makeKey(world, transcript, place);
  await setUpConsole(world, transcript, key);
  const installation = await install(world, transcript);
  await testConnection(world, transcript, installation);
  await refuse(world, transcript, place, { run });
  let known: Values = { run, now: new Date().toISOString() };
  for (const step of script.story) {
    const kept = await transcript.step(step.title, (say) =>
      performStep(world, installation.Id, step, known, say),
    );
    known = { ...known, ...kept };
  }
  await showLog(world, transcript, installation, place);
  io.stdout.write('\nEvery step did what it says.\n');
}

const makeAccount = (place: DemoPlace, transcript: Transcript, run: string): Promise<DemoWorld> =>
  transcript.step('Make an account for a customer', async (say) => {
    const { api, address } = place;
    const urls = Object.entries(address).filter(([name]) => name.endsWith('Url'));
    say(`API ${api.url}`, ...urls.map(([name, url]) => `sandbox ${name} ${url}`));
    const account = await api.post<AccountView>('/v1.0/accounts', { body: { Name: `Demo ${run}` } });
    say(`account ${account.Name}: ${account.Id}`);
    return worldOf(place, account.Id);
  });

const makeKey = (world: DemoWorld, transcript: Transcript, { script }: DemoPlace): Promise<SandboxKey> =>
  transcript.step('Make a service user with an access key in the vendor sandbox', async (say) => {
    const key = await world.sandbox.createKey('Fishplate demo', script.key);
    say(redactText(key.copyForms.environment, [key.apiSecret]));
    return key;
  });

const setUpConsole = (world: DemoWorld, transcript: Transcript, key: SandboxKey): Promise<void> =>
  transcript.step('Give the key once, in the console, for every account', async (say) => {
    const { api, connector } = world;
    const Settings = world.credentials(key);
    const setup = await api.put<SetupView>(pathOf`/v1.0/connectors/${connector.name}/setup`, {
      body: { Settings },
    });
    say(`set: ${Object.keys(Settings).join(', ')}; the console is ${setup.State}`);
    assertDemo(setup.State === 'ready', `the console is ${setup.State}`);
    assertDemo(!JSON.stringify(setup).includes(key.apiSecret), 'the answer holds the secret');
  });

async function install(world: DemoWorld, transcript: Transcript): Promise<InstallationAnswer> {
  const { api, account, connector } = world;
  const values = world.rightValues();
  const properties = Object.entries(values).map(([Name, Value]) => ({ Name, Value }));
  const given = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  const prove = (answer: InstallationAnswer, say: Say): InstallationAnswer => {
    say(...given, formatInstallation(answer));
    assertDemo(answer.State === 'active', `the installation is ${answer.State}`);
    return answer;
  };
  const installPath = pathOf`/v1.0/connectors/${connector.name}/install`;
  // Where everything has a default, an installation without values would be tested at once, and at the vendor.
  if (!Object.keys(values).some((name) => connector.settings[name]?.default === undefined))
    return transcript.step(
      'Install: the console has given all but the place, and it is tested at once',
      async (say) => {
        const body = { Name: connector.title, Properties: properties };
        return prove(await api.post<InstallationAnswer>(installPath, { account, body }), say);
      },
    );
  const empty = await transcript.step(
    'Install without any values: the account is asked only for the rest',
    async (say) => {
      const body = { Name: connector.title };
      const answer = await api.post<InstallationAnswer>(installPath, { account, body });
      say(formatInstallation(answer));
      assertDemo(answer.State === 'setup-required', `the installation is ${answer.State}`);
      const asked = answer.Missing.map(({ Name }) => Name);
      assertDemo(
        asked.every((name) => Object.hasOwn(values, name)),
        `it asks for ${asked.join(', ')}`,
      );
      return answer;
    },
  );
  return transcript.step('Give the rest: the connection is tested at once', async (say) => {
    const path = pathOf`/v1.0/account/connectors/${empty.Id}`;
    await api.post(`${path}/properties`, { account, body: properties });
    return prove(await api.get<InstallationAnswer>(path, { account }), say);
  });
}

const testConnection = (
  { api, account }: DemoWorld,
  transcript: Transcript,
  { Id, Name }: InstallationAnswer,
): Promise<void> =>
  transcript.step('Test the connection: who is it?', async (say) => {
    const answer = await api.post<TestAnswer>(pathOf`/v1.0/account/connectors/${Id}/test`, { account });
    say(formatTest(Name, answer));
    assertDemo(answer.Ok, 'the test failed');
    assertDemo(Object.values(answer.Identity ?? {}).some(Boolean), 'the test found no identity');
  });

async function refuse(
  world: DemoWorld,
  transcript: Transcript,
  { script }: DemoPlace,
  placeholders: Values,
): Promise<void> {
  const answers = new Set<string>();
  for (const refusal of script.refusals)
    await transcript.step(`Get it wrong: ${refusal.title}`, async (say) => {
      const answer = `${refusal.code} ${await showRefusal(world, refusal, placeholders, say)}`;
      assertDemo(!answers.has(answer), 'the answer is the same as another one');
      answers.add(answer);
    });
}

const showLog = (
  { api, account }: DemoWorld,
  transcript: Transcript,
  { Id }: InstallationAnswer,
  { script }: DemoPlace,
): Promise<void> =>
  transcript.step('Read the call log', async (say: Say) => {
    const calls = await api.get<CallAnswer[]>('/v1.0/account/calls', {
      account,
      query: { installationId: Id },
    });
    say(formatCalls(calls));
    for (const { method, preview } of script.story) {
      const logged = calls.some((call) => call.Method === method && call.Outcome === 'ok');
      assertDemo(preview === true || logged, `${method} is not in the log`);
    }
  });

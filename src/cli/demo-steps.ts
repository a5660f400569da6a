/** A step of the story comes in; it is carried out over HTTP, shown, and held against what it says. */
import { isDeepStrictEqual } from 'node:util';
import { valueAt } from '../response/read.ts';
import { fillFields, type Values } from '../sandbox/fill.ts';
import { pathOf } from './api-client.ts';
import type { PreviewAnswer } from './api-views.ts';
import type { DemoStep } from './demo-script.ts';
import { assertDemo, type Say } from './demo-transcript.ts';
import type { DemoWorld } from './demo-world.ts';

const MOST_SHOWN = 600;

/** Returns what the step keeps for later ones. Throws `cli.demo-failed`, and what the API throws. */
export async function performStep(
  { api, account }: DemoWorld,
  installation: string,
  step: DemoStep,
  placeholders: Values,
  say: Say,
): Promise<Values> {
  const filled = fillFields({ ...step }, placeholders) as unknown as DemoStep;
  const body = {
    Parameters: filled.parameters ?? {},
    ...(filled.body !== undefined && { Body: filled.body }),
  };
  if (filled.preview) {
    const path = pathOf`/v1.0/account/connectors/${installation}/preview/${step.method}`;
    const preview = await api.post<PreviewAnswer>(path, { account, body });
    say(
      `${preview.Method} ${preview.Url}`,
      `authorization: ${preview.Headers.authorization ?? ''}`,
      preview.Curl,
    );
    assertDemo(/redacted/.test(preview.Headers.authorization ?? ''), 'the credential is not masked');
    assertDemo(preview.Curl.includes(new URL(preview.Url).pathname), 'the curl line leads elsewhere');
    return checkAnswer(preview, filled);
  }
  const path = pathOf`/v1.0/account/connectors/${installation}/methods/${step.method}`;
  const answer = await api.post<unknown>(path, { account, body });
  say(`${step.method} -> ${shorten(JSON.stringify(answer))}`);
  return checkAnswer(answer, filled);
}

function checkAnswer(answer: unknown, { expect = {}, find, keep = {} }: DemoStep): Values {
  for (const [path, wanted] of Object.entries(expect)) {
    const found = valueAt(answer, path);
    assertDemo(
      isDeepStrictEqual(found, wanted),
      `${path} is ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`,
    );
  }
  if (find) {
    const list = valueAt(answer, find.in);
    assertDemo(Array.isArray(list), `there is no list at ${find.in}`);
    const wanted = Object.entries(find.with);
    const found = list.some((item) =>
      wanted.every(([path, value]) => isDeepStrictEqual(valueAt(item, path), value)),
    );
    assertDemo(found, `no item has ${JSON.stringify(find.with)}`);
  }
  return Object.fromEntries(
    Object.entries(keep).map(([name, path]) => {
      const value = valueAt(answer, path);
      assertDemo(value !== undefined, `the answer has nothing at ${path}`);
      return [name, value];
    }),
  );
}

const shorten = (text: string) => (text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}...` : text);

import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { realWorld } from '../../src/world.ts';
import { bundleChild, ended, startChild } from '../store/node-child.ts';
import { openSandboxBed } from './sandbox-bed.ts';

const folder = mkdtempSync(join(tmpdir(), 'fishplate-'));
let bundle: string;

beforeAll(async () => {
  // The bundle finds its packages where we do.
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules'));
  bundle = await bundleChild(join(import.meta.dirname, 'children/caller.ts'), folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A sandbox, an installation without a token, and a way to call it from processes of their own. */
async function openBed() {
  const bed = await openSandboxBed(realWorld);
  const id = await bed.install();
  await bed.store.write([{ op: 'delete', table: 'token', where: { id } }]);
  bed.sandbox.requests.clear();
  const start = (speed = 1) =>
    follow(
      startChild(bundle, bed.file, bed.keyFile, JSON.stringify(bed.urls), bed.account, id, String(speed)),
    );
  return { bed, id, start };
}

/** What a process has said so far, and when it says something. */
function follow(child: ChildProcess) {
  let said = '';
  const says = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => said.includes(text) && resolve();
      child.stdout?.on('data', look);
      child.once('close', () =>
        said.includes(text) ? resolve() : reject(new Error(`it said only: ${said}`)),
      );
      look();
    });
  child.stdout?.on('data', (chunk) => {
    said += String(chunk);
  });
  return { child, says, end: () => ended(child), said: () => said };
}

test('four processes that need a token at the same time ask for one, however slow the vendor is', async () => {
  const { bed, start } = await openBed();
  const held = bed.hold({ method: 'token' });
  const callers = [start(), start(), start(), start()];
  await Promise.all([held.arrived, ...callers.map(({ says }) => says('calling'))]);
  held.release();
  expect(await Promise.all(callers.map(({ end }) => end()))).toEqual([0, 0, 0, 0]);
  expect(new Set(callers.map(({ said }) => said()))).toEqual(new Set(['calling\nanswered 200\n']));
  expect(bed.asked('token')).toBe(1);
  expect(bed.asked('things.list')).toBe(4);
});

test('when the process that asks for a token is killed, another one takes over once its lease has run out', async () => {
  const { bed, id, start } = await openBed();
  const held = bed.hold({ method: 'token', times: 1 });
  const holder = start();
  await held.arrived;
  const lease = () => bed.store.get('lease', `token/${id}`);
  const before = await lease();
  // The clock of the heir goes twenty times as fast: ten seconds are half a second for it.
  const heir = start(20);
  await heir.says('calling');
  holder.child.kill('SIGKILL');
  expect(await holder.end()).toBe('SIGKILL');
  expect(await heir.end()).toBe(0);
  expect(heir.said()).toContain('answered 200');
  expect(bed.sandbox.requests.list('token').filter(({ fault }) => !fault)).toHaveLength(1);
  expect(await lease()).toMatchObject({ owner: null, counter: (before?.counter ?? 0) + 1 });
  held.release();
});

test('a token that was exchanged is found by the next process, although the first was killed', async () => {
  const { bed, start } = await openBed();
  const held = bed.hold({ method: 'things.list', times: 1 });
  const first = start();
  await held.arrived;
  first.child.kill('SIGKILL');
  expect(await first.end()).toBe('SIGKILL');
  held.release();
  expect(await start().end()).toBe(0);
  expect(bed.asked('token')).toBe(1);
});

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeTempFolder } from '../store/temp-folder.ts';
import { useHarness } from './harness-bed.ts';

const bytes = Buffer.from([0x25, 0x50, 0x44, 0x46, 0, 0xff, 0xfe, 0x80, 10]);

describe('fishplate request --output', () => {
  const bed = useHarness();

  /** An installation of XMCO whose host answers the test, and a PDF for everything else. */
  async function installed() {
    const server = createServer(({ url }, response) => {
      if (url?.endsWith('/user/current'))
        return void response
          .writeHead(200, { 'content-type': 'application/json' })
          .end('{"user":{"first_name":"a","surname":"b"}}');
      response.writeHead(200, { 'content-type': 'application/pdf' }).end(bytes);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await bed.fishplate(['setup', 'xmco', `baseUrl=${baseUrl}`]);
    onTestFinished(async () => void (await bed.fishplate(['setup', 'xmco', 'baseUrl='])));
    const name = `Files ${crypto.randomUUID()}`;
    const made = await bed.fishplate(['install', 'xmco', 'apiKey=some-good-key', '--name', name]);
    expect(made.out).toContain(': active');
    return name;
  }

  it('says before anything is sent that the file cannot be written', async () => {
    const name = await installed();
    const { code, err } = await bed.fishplate([
      'request',
      name,
      'GET',
      '/report',
      '--output',
      'no/where.pdf',
    ]);
    expect(code).toBe(1);
    expect(err).toContain('no/where.pdf cannot be written (ENOENT); nothing was sent [cli.output]');
  });

  it('goes with one answer, not with all pages', async () => {
    const name = await installed();
    const { code, err } = await bed.fishplate(['call', name, 'tickets.list', '--all', '--output', 'a.json']);
    expect([code, err]).toEqual([2, expect.stringContaining('--output keeps one answer')]);
  });

  it('writes the bytes of a file as the vendor sent them; without it they are base64', async () => {
    const name = await installed();
    const cwd = makeTempFolder();
    const { code, out, err } = await bed.fishplate(
      ['request', name, 'GET', '/report', '--output', 'report.pdf'],
      { cwd },
    );
    expect({ code, out, err }).toEqual({ code: 0, out: '', err: 'Wrote 9 bytes to report.pdf.\n' });
    expect(readFileSync(join(cwd, 'report.pdf'))).toEqual(bytes);
    const printed = await bed.fishplate(['request', name, 'GET', '/report']);
    expect(JSON.parse(printed.out)).toEqual({
      mediaType: 'application/pdf',
      size: 9,
      base64: bytes.toString('base64'),
    });
    expect(printed.err).toContain('--output');
  });

  it('writes any other answer as it would be printed', async () => {
    const name = await installed();
    const cwd = makeTempFolder();
    await bed.fishplate(['call', name, 'users.current', '--output', 'me.json'], { cwd });
    expect(JSON.parse(readFileSync(join(cwd, 'me.json'), 'utf8')).user.first_name).toBe('a');
  });
});

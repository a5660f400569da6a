import { describe, expect, it } from 'vitest';
import { formatError } from '../../src/cli/report-error.ts';
import { FishplateError, type VendorAnswer } from '../../src/errors.ts';

const printed = (vendor: VendorAnswer) =>
  formatError(new FishplateError('vendor.failed', 'no', { vendor, hint: 'h' }));

describe("the vendor's answer to a refused call, in a terminal", () => {
  it('has nothing that the terminal would obey', () => {
    const text = printed({ status: 400, body: { a: '\u001b[31m\u009b2J', b: 'x\u0007' } });
    expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(printed({ status: 400, body: 'a\u001b[31m\u009b2J\r' })).not.toMatch(/(?!\n)\p{Cc}/u);
  });

  it('is cut where it is long', () => {
    const text = printed({ status: 400, body: Array.from({ length: 1_000 }, (_, n) => n) });
    expect(text.split('\n').length).toBeLessThan(70);
    expect(text).toContain('\n    ...\n  hint: h');
  });

  it.each([{ message: 'no' }, 'no', undefined])('is not told twice where it is %j', (body) => {
    expect(printed({ status: 400, message: 'no', body })).toBe('error: no [vendor.failed]\n  hint: h\n');
  });

  it('stands between the error and the hint, with its code', () => {
    const body = { error: { message: 'no', decline_code: 'insufficient_funds' } };
    expect(printed({ status: 402, message: 'no', code: 'card_declined', body })).toBe(
      [
        'error: no [vendor.failed]',
        '  the vendor answered 402 (card_declined):',
        ...JSON.stringify(body, null, 2)
          .split('\n')
          .map((line) => `    ${line}`),
        '  hint: h',
        '',
      ].join('\n'),
    );
  });

  it('is told of each part of a list that was split', () => {
    const batches = [
      {
        first: 100,
        count: 30,
        sent: true,
        code: 'vendor.partial',
        message: 'x',
        vendor: { status: 207, body: { n: 1 } },
        rows: [],
      },
    ] as const;
    expect(formatError(new FishplateError('call.partial', 'no', { batches }))).toContain(
      'the vendor answered 207 to rows 100-129:\n    {\n      "n": 1\n    }\n',
    );
  });
});

it('an error that names a moment says in how many seconds it is, and no other does', () => {
  const error = (retryAfterMs: number) =>
    formatError(new FishplateError('vendor.throttled', 'no', { retryAfterMs, hint: 'h' }));
  expect(error(6_100)).toBe('error: no [vendor.throttled]\n  not before: 7 s from now\n  hint: h\n');
  expect(error(0)).toBe('error: no [vendor.throttled]\n  hint: h\n');
});

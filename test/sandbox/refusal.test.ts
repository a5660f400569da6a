import { describe, expect, it } from 'vitest';
import { describeRefusal, fillErrorBody, Refusal } from '../../src/sandbox/refusal.ts';

const form = { error: { code: '{{code}}', text: '{{message}}', reason: '{{reason}}' }, status: '{{status}}' };

describe('a refusal', () => {
  it("has its name as its code, unless sandbox.yaml gives it the vendor's own", () => {
    const refusal = new Refusal('inactiveKey', 'The key is INACTIVE');
    expect(describeRefusal(refusal, form)).toEqual({
      status: 401,
      body: {
        error: { code: 'inactive_key', text: 'The key is INACTIVE', reason: 'Unauthorized' },
        status: 401,
      },
    });
    const own = { inactiveKey: { status: 403, code: 'key_disabled', message: 'No: {{detail}}' } };
    expect(describeRefusal(refusal, form, own)).toEqual({
      status: 403,
      body: {
        error: { code: 'key_disabled', text: 'No: The key is INACTIVE', reason: 'Forbidden' },
        status: 403,
      },
    });
    const numbered = describeRefusal(refusal, form, { inactiveKey: { code: 20005 } });
    expect(numbered.body).toMatchObject({ error: { code: 20005 } });
    expect(describeRefusal(refusal, form, { badBody: { code: 'other' } }).body).toMatchObject({
      error: { code: 'inactive_key' },
    });
  });

  it('that a fault makes has no name', () => {
    expect(fillErrorBody(form, 500, 'Broken')).toEqual({
      error: { code: 'error', text: 'Broken', reason: 'Internal Server Error' },
      status: 500,
    });
  });
});

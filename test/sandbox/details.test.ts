import { describe, expect, it } from 'vitest';
import { createAccess } from '../../src/sandbox/access.ts';
import { detailsOf } from '../../src/sandbox/details.ts';
import { isAllowed } from '../../src/sandbox/permission.ts';
import { call, createFakeClock, openSandbox } from './open-sandbox.ts';
import { smallConnector, smallScript } from './small-connector.ts';

const rules = {
  robot: { label: 'Is a robot', type: 'boolean', default: true, fixed: true },
  areas: { label: 'Areas', type: 'list', choices: ['north', 'south'], default: ['north'] },
  phone: { label: 'Phone', type: 'text' },
} as const;
const script = { ...smallScript, serviceUsers: { details: rules } };
const code = (name: string) => expect.objectContaining({ code: name });

describe('details of a service user are refused', () => {
  it('when the vendor does not ask for them', () => {
    expect(() => detailsOf(rules, { shoe: 42 })).toThrow(code('sandbox.unknown'));
  });

  it.each([{ robot: 'yes' }, { areas: 'north' }, { areas: ['west'] }, { phone: 1 }])(
    'when they do not fit: %j',
    (given) => {
      expect(() => detailsOf(rules, given)).toThrow(code('input.invalid'));
    },
  );

  it('when they are fixed and would change, and then nothing changes', () => {
    const access = createAccess(script, createFakeClock());
    const { serviceUser } = access.createServiceUser({ name: 'x' });
    expect(() => access.changeDetails(serviceUser.id, { robot: false })).toThrow(code('sandbox.not-allowed'));
    expect(access.serviceUser(serviceUser.id).details).toEqual({ robot: true, areas: ['north'] });
    expect(access.changeDetails(serviceUser.id, { robot: true, phone: '1' }).details).toMatchObject({
      phone: '1',
    });
  });
});

describe('details of a service user', () => {
  it('are given and changed on the vendor’s screens, which say what they ask', async () => {
    const { urls } = await openSandbox(smallConnector(), script);
    const screens = new URL('/_sandbox', urls.api).href;
    expect((await call(`${screens}/rules`)).json.serviceUsers.details.areas.choices).toEqual([
      'north',
      'south',
    ]);
    const made = await call(`${screens}/service-users`, {
      body: { name: 'x', details: { areas: ['south'] } },
    });
    expect(made.json.details).toEqual({ robot: true, areas: ['south'] });
    const put = (body: unknown) => call(`${screens}/service-users/${made.json.id}`, { method: 'PUT', body });
    expect((await put({ details: { robot: false }, name: 'y' })).status).toBe(409);
    expect((await put({ details: { areas: [] }, name: 'z' })).json).toMatchObject({
      name: 'z',
      details: { areas: [] },
    });
  });

  it('lift the statements of policies that they are named in', () => {
    const [method] = Object.values(smallConnector().methods);
    if (!method) throw new Error('no method');
    const deny = { effect: 'deny', methods: ['*'], unless: { areas: ['south'] } } as const;
    const policies = [{ name: 'All', statements: [{ effect: 'allow', methods: ['*'] } as const, deny] }];
    expect(isAllowed(policies, method, { areas: ['north'] })).toBe(false);
    expect(isAllowed(policies, method, {})).toBe(false);
    expect(isAllowed(policies, method, { areas: ['north', 'south'] })).toBe(true);
  });
});

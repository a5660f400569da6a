import { describe, expect, it } from 'vitest';
import { makePriceList, openM3ter } from './open-m3ter.ts';

describe('statement jobs', () => {
  it('are refused when two of their filters are given, as only one counts', async () => {
    const { ask } = await openM3ter();
    const two = await ask('/statementjobs?active=true&status=RUNNING');
    expect([two.status, two.json]).toEqual([
      400,
      { message: 'only one of active, status, billId can be given' },
    ]);
    expect((await ask('/statementjobs?active=true&pageSize=5')).status).toBe(200);
  });
});

describe('events', () => {
  it('are refused by ids and something else', async () => {
    const { ask } = await openM3ter();
    expect((await ask('/events?ids=a&eventName=b')).status).toBe(400);
    expect((await ask('/events?ids=a')).json.data).toEqual([]);
  });

  it('are found by the notification that they set off, and by their kind', async () => {
    const { ask, make } = await openM3ter();
    const { account } = await makePriceList(make, 'storage');
    const about = { name: 'Accounts', description: 'New ones', eventName: 'configuration.account.created' };
    const rule = await make('/notifications/configurations', { ...about, code: 'new-account' });
    const names = async (query: string): Promise<string[]> =>
      (await ask(`/events?${query}`)).json.data.map(({ eventName }: { eventName: string }) => eventName);
    const ofAccount = await names(`notificationId=${rule.id}&accountId=&resourceId=${account.id}`);
    expect(ofAccount.every((name) => name === about.eventName)).toBe(true);
    expect((await names(`notificationId=${rule.id}`)).length).toBeGreaterThan(0);
    expect(await names('notificationCode=new-account')).toEqual(await names(`notificationId=${rule.id}`));
    expect(await names('notificationCode=nobody')).toEqual([]);
    expect(await names('eventType=IngestValidationFailure')).toEqual([]);
    expect((await names('eventType=Notification')).length).toBeGreaterThan(1);
  });

  it('have the fields of what they are about, with what it was before when it changed', async () => {
    const { ask } = await openM3ter();
    const fieldsOf = async (query: string) => (await ask(`/events/fields${query}`)).json.events;
    const created = await fieldsOf('?eventName=configuration.account.created');
    expect(Object.keys(created)).toEqual(['configuration.account.created']);
    expect(created['configuration.account.created']).toMatchObject({ 'new.currency': 'String' });
    expect(JSON.stringify(created)).not.toContain('"old.');
    const updated = await fieldsOf('?eventName=billing.bill.updated');
    expect(updated['billing.bill.updated']).toMatchObject({
      'new.billDate': 'String',
      'old.locked': 'Boolean',
    });
    expect(await fieldsOf('?eventName=nothing.at.all')).toEqual({});
    expect(Object.keys(await fieldsOf('')).length).toBeGreaterThan(20);
  });
});

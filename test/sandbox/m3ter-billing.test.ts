import { describe, expect, it } from 'vitest';
import { makePriceList, openM3ter } from './open-m3ter.ts';

const START = '2026-01-01T00:00:00Z';

describe('account plans', () => {
  it('are refused with neither a plan nor a plan group, and with both', async () => {
    const { ask, make } = await openM3ter();
    const { plan, account } = await makePriceList(make, 'storage');
    const planGroup = await make('/plangroups', { name: 'Group', currency: 'GBP' });
    const neither = await ask('/accountplans', 'POST', { accountId: account.id, startDate: START });
    const both = await ask('/accountplans', 'POST', {
      accountId: account.id,
      startDate: START,
      planId: plan.id,
      planGroupId: planGroup.id,
    });
    const message = (count: number) => `exactly one of planId and planGroupId must be given, not ${count}`;
    expect([neither.status, neither.json]).toEqual([400, { message: message(0) }]);
    expect([both.status, both.json]).toEqual([400, { message: message(2) }]);
  });

  it('are found by account and product, which follows from the plan and its template', async () => {
    const { ask, make, idsAt } = await openM3ter();
    const { product, plan, account } = await makePriceList(make, 'storage');
    const other = await makePriceList(make, 'compute');
    const body = { accountId: account.id, startDate: START };
    const first = await make('/accountplans', { ...body, planId: plan.id });
    const second = await make('/accountplans', { ...body, planId: other.plan.id });
    expect([first.productId, second.productId]).toEqual([product.id, other.product.id]);
    expect(await idsAt(`/plans?productId=${product.id}`)).toEqual([plan.id]);
    expect((await ask(`/plans/${plan.id}`)).json.productId).toBe(product.id);
    expect(await idsAt(`/accountplans?account=${account.id}&product=${product.id}`)).toEqual([first.id]);
    expect(await idsAt(`/accountplans?plan=${other.plan.id}`)).toEqual([second.id]);
    expect(await idsAt(`/accountplans?account=${other.account.id}`)).toEqual([]);
  });

  it('are left out once they have ended, unless all are asked for or those of a date', async () => {
    const { make, idsAt } = await openM3ter();
    const { plan, account } = await makePriceList(make, 'storage');
    const body = { accountId: account.id, planId: plan.id };
    const ended = await make('/accountplans', { ...body, startDate: START, endDate: '2026-02-01T00:00:00Z' });
    const active = await make('/accountplans', { ...body, startDate: '2026-02-01T00:00:00Z' });
    expect(await idsAt('/accountplans')).toEqual([active.id]);
    expect(await idsAt('/accountplans?includeall=false')).toEqual([active.id]);
    expect(await idsAt('/accountplans?includeall=true')).toEqual([active.id, ended.id]);
    expect(await idsAt('/accountplans?date=2026-01-31')).toEqual([ended.id]);
    expect(await idsAt('/accountplans?date=2026-02-01&includeall=true')).toEqual([active.id]);
    expect(await idsAt('/accountplans?date=2025-12-31')).toEqual([]);
  });

  it('are replaced by ending one where the next begins', async () => {
    const { ask, make } = await openM3ter();
    const { plan, account } = await makePriceList(make, 'storage');
    const body = { accountId: account.id, planId: plan.id };
    const before = await make('/accountplans', { ...body, startDate: START });
    const next = { ...body, startDate: '2026-04-01T00:00:00Z' };
    const { json } = await ask(`/accountplans/${before.id}/replace`, 'POST', next);
    expect(json.originalAccountPlan).toMatchObject({ id: before.id, endDate: next.startDate, version: 2 });
    expect(json.newAccountPlan).toMatchObject({ ...next, version: 1, productId: before.productId });
    expect((await ask('/accountplans/nobody/replace', 'POST', next)).json).toEqual({
      message: 'There is no account plan with the id nobody',
    });
  });

  it('end with everything else of an account on request, contracts on a day', async () => {
    const { ask, make } = await openM3ter();
    const { plan, account } = await makePriceList(make, 'storage');
    const accountPlan = await make('/accountplans', {
      accountId: account.id,
      planId: plan.id,
      startDate: START,
    });
    const contract = await make('/contracts', {
      accountId: account.id,
      name: 'Contract',
      startDate: '2026-01-01',
      endDate: '2027-01-01',
    });
    const body = { endDate: '2026-06-30T00:00:00Z', billingEntities: ['CONTRACT'] };
    const { status, json } = await ask(`/accounts/${account.id}/enddatebillingentities`, 'PUT', body);
    expect([status, json.updatedEntities]).toEqual([200, { CONTRACT: { empty: false } }]);
    expect((await ask(`/contracts/${contract.id}`)).json.endDate).toBe('2026-06-30');
    expect((await ask(`/accountplans/${accountPlan.id}`)).json.endDate).toBeUndefined();
  });

  it('end with the prices of plans that are made for the account, and no other prices', async () => {
    const { ask, make } = await openM3ter();
    const { product, template, plan, account } = await makePriceList(make, 'storage');
    const custom = await make('/plans', {
      ...{ planTemplateId: template.id, name: 'Own', code: 'own', custom: true, accountId: account.id },
    });
    const meter = await make('/meters', {
      ...{ productId: product.id, name: 'Meter', code: 'meter', derivedFields: [] },
      dataFields: [{ category: 'MEASURE', code: 'gb', name: 'GB', unit: 'GB' }],
    });
    const aggregation = await make('/aggregations', {
      ...{ meterId: meter.id, name: 'Sum', code: 'sum', targetField: 'gb', aggregation: 'SUM' },
      ...{ unit: 'GB', quantityPerUnit: 1, rounding: 'NONE' },
    });
    const priced = (planId: string) =>
      make('/pricings', {
        ...{ planId, aggregationId: aggregation.id, startDate: START },
        pricingBands: [{ lowerLimit: 0, fixedPrice: 0, unitPrice: 1 }],
      });
    const [own, shared] = [await priced(custom.id), await priced(plan.id)];
    const contract = await make('/contracts', {
      ...{ accountId: account.id, name: 'Contract', startDate: '2026-01-01', endDate: '2027-01-01' },
    });
    for (const planId of [custom.id, plan.id])
      await make('/accountplans', {
        ...{ accountId: account.id, planId, contractId: contract.id, startDate: START },
      });
    const endOf = async ({ id }: { id: string }) => (await ask(`/pricings/${id}`)).json.endDate;
    const end = async (of: string, endDate: string) =>
      (
        await ask(`${of}/enddatebillingentities`, 'PUT', {
          ...{ endDate, billingEntities: ['PRICINGS', 'COUNTER_PRICINGS', 'PREPAYMENT'] },
        })
      ).json.updatedEntities;
    expect(await end(`/accounts/${account.id}`, '2026-06-30T00:00:00Z')).toEqual({
      ...{ PRICINGS: { empty: false }, COUNTER_PRICINGS: { empty: true }, PREPAYMENT: { empty: true } },
    });
    expect([await endOf(own), await endOf(shared)]).toEqual(['2026-06-30T00:00:00Z', undefined]);
    await end(`/contracts/${contract.id}`, '2026-07-31T00:00:00Z');
    expect([await endOf(own), await endOf(shared)]).toEqual(['2026-07-31T00:00:00Z', undefined]);
  });
});

describe('aggregations', () => {
  it("are found by the product of their meter's", async () => {
    const { make, idsAt } = await openM3ter();
    const { product } = await makePriceList(make, 'storage');
    const dataFields = [{ category: 'MEASURE', code: 'gb', name: 'GB', unit: 'GB' }];
    const meter = { name: 'Meter', dataFields, derivedFields: [] };
    const own = await make('/meters', { ...meter, code: 'own', productId: product.id });
    const global = await make('/meters', { ...meter, code: 'global' });
    const aggregation = {
      name: 'A',
      targetField: 'gb',
      aggregation: 'SUM',
      quantityPerUnit: 1,
      rounding: 'NONE',
      unit: 'GB',
    };
    const wanted = await make('/aggregations', { ...aggregation, meterId: own.id });
    await make('/aggregations', { ...aggregation, meterId: global.id });
    expect(await idsAt(`/aggregations?productId=${product.id}`)).toEqual([wanted.id]);
  });
});

describe('balances', () => {
  it('amount to the sum of their transactions', async () => {
    const { ask, make } = await openM3ter();
    const { account } = await makePriceList(make, 'storage');
    const balance = await make('/balances', {
      accountId: account.id,
      name: 'Prepaid',
      code: 'prepaid',
      currency: 'GBP',
      startDate: START,
      endDate: '2027-01-01T00:00:00Z',
    });
    await make(`/balances/${balance.id}/transactions`, { amount: 100 });
    await make(`/balances/${balance.id}/transactions`, { amount: -30.5 });
    expect((await ask(`/balances/${balance.id}`)).json.amount).toBe(69.5);
    expect((await ask(`/balances/${balance.id}/transactions/summary`)).json.totalCreditAmount).toBe(69.5);
    await ask(`/balances/${balance.id}`, 'DELETE');
    expect((await ask(`/balances/${balance.id}/transactions`)).status).toBe(404);
  });

  it('preview a schedule as one entity, and keep nothing of it', async () => {
    const { ask, make, idsAt } = await openM3ter();
    const { account } = await makePriceList(make, 'storage');
    const balance = await make('/balances', {
      accountId: account.id,
      name: 'Prepaid',
      code: 'prepaid',
      currency: 'GBP',
      startDate: START,
      endDate: '2027-01-01T00:00:00Z',
    });
    const schedule = {
      name: 'Fee',
      code: 'fee',
      chargeDescription: 'Fee',
      currency: 'GBP',
      amount: 5,
      servicePeriodStartDate: START,
      servicePeriodEndDate: '2027-01-01T00:00:00Z',
      billFrequency: 'MONTHLY',
      billFrequencyInterval: 1,
      billInAdvance: true,
    };
    const path = `/balances/${balance.id}/balancechargeschedules`;
    const { json } = await ask(`${path}/preview`, 'POST', schedule);
    expect(json).toMatchObject({ ...schedule, balanceId: balance.id, id: expect.any(String) });
    expect(await idsAt(path)).toEqual([]);
  });
});

describe('bills', () => {
  it('belong to an account that is there, with line items that can be left out', async () => {
    const { ask } = await openM3ter();
    const { json } = await ask('/bills');
    expect(json.data).toHaveLength(2);
    for (const { accountId, accountCode } of json.data)
      expect((await ask(`/accounts/${accountId}`)).json).toMatchObject({ code: accountCode });
    expect(json.data[1].lineItems).toEqual([
      expect.objectContaining({ subtotal: 120.5, lineItemType: 'USAGE' }),
    ]);
    expect(json.data[1].lineItems[0]).not.toHaveProperty('billId');
    expect((await ask('/bills?excludeLineItems=true')).json.data[1]).not.toHaveProperty('lineItems');
    expect((await ask('/lineitems')).json.data).toHaveLength(2);
  });

  it('that are locked are left out with locked=false only', async () => {
    const { ask } = await openM3ter();
    const locked = async (query: string) =>
      (await ask(`/bills${query}`)).json.data.map((bill: { locked: boolean }) => bill.locked);
    expect(await locked('')).toEqual([false, true]);
    expect(await locked('?locked=true')).toEqual([false, true]);
    expect(await locked('?locked=false')).toEqual([false]);
  });

  it('are locked once they are approved, and then keep their status', async () => {
    const { ask, idsAt, serviceUserId } = await openM3ter();
    const [id = ''] = await idsAt('/bills?locked=false');
    const refused = await ask(`/bills/${id}/lock`, 'PUT');
    expect([refused.status, refused.json.message]).toEqual([
      400,
      expect.stringContaining('status is PENDING'),
    ]);
    await ask('/bills/approve', 'POST', { billIds: [id] });
    expect((await ask(`/bills/${id}`)).json).toMatchObject({ status: 'APPROVED', approvedBy: serviceUserId });
    const locked = await ask(`/bills/${id}/lock`, 'PUT');
    expect(locked.json).toMatchObject({ locked: true, lockedBy: serviceUserId, version: 3 });
    expect((await ask(`/bills/${id}/status`, 'PUT', { status: 'PENDING' })).status).toBe(400);
    expect((await ask('/bills/nobody/lock', 'PUT')).status).toBe(404);
    expect((await ask('/bills/approve', 'POST', { billIds: [id, 'nobody'] })).json).toEqual({
      message: 'There is no bill with the id nobody',
    });
  });

  it('are found by account, by period, as the latest, and by search', async () => {
    const { ask, idsAt } = await openM3ter();
    const [open = '', old = ''] = await idsAt('/bills');
    const { accountId } = (await ask(`/bills/${open}`)).json;
    expect((await ask(`/bills/latest/${accountId}`)).json.id).toBe(open);
    expect((await ask('/bills/latest/nobody')).status).toBe(404);
    expect(await idsAt(`/bills/accountid/${accountId}`)).toEqual([open, old]);
    expect(await idsAt('/bills/billingperiod/2026-01-31/MONTHLY')).toEqual([old]);
    expect(await idsAt('/bills/search?searchQuery=locked:true')).toEqual([old]);
    expect(await idsAt('/bills?billDateStart=2026-02-02')).toEqual([open]);
  });
});

describe('bill jobs', () => {
  it('are refused with 429 while ten are running', async () => {
    const { ask, make, clock } = await openM3ter();
    for (let count = 0; count < 10; count++) await make('/billjobs', {});
    const refused = await ask('/billjobs', 'POST', {});
    expect([refused.status, refused.json.message]).toEqual([429, expect.stringContaining('10')]);
    clock.advance(5000);
    expect((await ask('/billjobs', 'POST', {})).status).toBe(200);
  });

  it('run by the clock from pending to complete, and leave a bill for each account', async () => {
    const { ask, make, idsAt, clock } = await openM3ter();
    const { account } = await makePriceList(make, 'storage');
    const dates = { billDate: '2026-03-01', lastDateInBillingPeriod: '2026-02-28' };
    const job = await make('/billjobs', { accountIds: [account.id], ...dates });
    expect(job).toMatchObject({ status: 'PENDING', type: 'CREATE', pending: 1 });
    expect(await idsAt('/billjobs?active=true')).toEqual([job.id]);
    clock.advance(1000);
    expect((await ask(`/billjobs/${job.id}`)).json.status).toBe('RUNNING');
    clock.advance(2000);
    const [billId = ''] = await idsAt(`/bills?billJobId=${job.id}`);
    expect((await ask(`/billjobs/${job.id}`)).json).toMatchObject({
      status: 'COMPLETE',
      pending: 0,
      billIds: [billId],
    });
    expect(await idsAt('/billjobs?active=true')).toEqual([]);
    expect((await ask(`/bills/${billId}`)).json).toMatchObject({
      accountId: account.id,
      currency: 'USD',
      billDate: '2026-03-01',
      endDate: '2026-02-28',
      status: 'PENDING',
    });
  });

  it('run by being read, too', async () => {
    const { ask, make } = await openM3ter();
    const { id } = await make('/billjobs', {});
    const statuses: string[] = [];
    for (let reads = 0; reads < 4; reads++) statuses.push((await ask(`/billjobs/${id}`)).json.status);
    expect(statuses).toEqual(['PENDING', 'RUNNING', 'RUNNING', 'COMPLETE']);
  });

  it('stay cancelled, and cannot be cancelled once they are complete', async () => {
    const { ask, make, clock } = await openM3ter();
    const [cancelled, done] = [await make('/billjobs', {}), await make('/billjobs', {})];
    for (const count of [1, 2]) {
      const { json } = await ask(`/billjobs/${cancelled.id}/cancel`, 'POST');
      expect([count, json.status]).toEqual([count, 'CANCELLED']);
    }
    clock.advance(60_000);
    expect((await ask(`/billjobs/${cancelled.id}`)).json.status).toBe('CANCELLED');
    expect((await ask(`/billjobs/${done.id}/cancel`, 'POST')).status).toBe(400);
  });

  it('calculate bills anew', async () => {
    const { ask, make, idsAt, clock } = await openM3ter();
    const [bill = ''] = await idsAt('/bills');
    expect((await ask('/billjobs/recalculate', 'POST', { billIds: ['nobody'] })).status).toBe(404);
    const job = await make('/billjobs/recalculate', { billIds: [bill] });
    expect(job).toMatchObject({ type: 'RECALCULATE', status: 'PENDING', billIds: [bill] });
    clock.advance(5000);
    expect((await ask(`/bills/${bill}`)).json).toMatchObject({ statementStale: true, version: 2 });
    expect((await ask(`/billjobs/${job.id}`)).json).toMatchObject({ status: 'COMPLETE', billIds: [bill] });
  });
});

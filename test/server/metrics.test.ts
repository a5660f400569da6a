import { describe, expect, it } from 'vitest';
import { joinObservers } from '../../src/observer.ts';
import { Secret } from '../../src/secret.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { memoryStore } from '../helpers/runtime.ts';
import { createApi, expectRefusal } from './api.ts';

async function createMeasuredApi(token?: Secret) {
  const store = await memoryStore();
  const { event, contentType, text } = createMetrics({ store, now: () => 0 });
  const observer = joinObservers([event]);
  return createApi({ observer, metrics: { contentType, text, token } }, (runtime) => runtime, { observer });
}

describe('/metrics', () => {
  it('is for nobody without a token, nor with one that is no good', async () => {
    const api = await createMeasuredApi(new Secret('a-token-for-scrapers'));
    expectRefusal(await api.ask('GET', '/metrics', { token: '' }), 401, 'access.unauthenticated');
    expectRefusal(
      await api.ask('GET', '/metrics', { token: 'a-token-for-scraper' }),
      401,
      'access.unauthenticated',
    );
  });

  it('is not for those who may not read metrics, nor for a token of one account', async () => {
    const api = await createMeasuredApi();
    const { id } = await api.access.policies.create('local', {
      name: 'Logs',
      statements: [{ effect: 'allow', actions: ['logs:read'], resources: ['*'] }],
    });
    const token = await api.signIn([id]);
    expectRefusal(await api.ask('GET', '/metrics', { token, account: '' }), 403, 'access.forbidden');
    const pinned = await api.signIn(['Administrator'], `account:${api.account}`);
    expectRefusal(await api.ask('GET', '/metrics', { token: pinned, account: '' }), 403, 'access.forbidden');
    const audit = await api.ask('GET', '/v1.0/audit?action=access.refuse');
    expect(audit.body[0].Detail).toEqual({ action: 'metrics:read' });
  });

  it('is not there when nothing is counted', async () => {
    const api = await createApi();
    expectRefusal(await api.ask('GET', '/metrics'), 404, 'route.unknown');
  });

  it('tells of requests and calls to whoever may read metrics, and to the scraper with its own token', async () => {
    const api = await createMeasuredApi(new Secret('a-token-for-scrapers'));
    const id = await api.install();
    await api.ask('POST', `/v1.0/account/connectors/${id}/methods/things.list`, { body: {} });
    await api.ask('GET', '/no/such/path');
    const token = await api.signIn(['ReadOnly']);
    for (const each of [token, 'a-token-for-scrapers']) {
      const response = await api.ask('GET', '/metrics', { token: each, account: '' });
      expect(response.status).toBe(200);
      expect(response.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4; charset=utf-8$/);
      expect(response.text).toContain(
        'fishplate_calls_total{connector="acme",method="things.list",outcome="ok"} 1',
      );
      expect(response.text).toContain(
        'fishplate_http_requests_total{verb="POST",route="/v1.0/account/connectors/{installation}/methods/{method}",status="200"} 1',
      );
      expect(response.text).toContain(
        'fishplate_http_requests_total{verb="GET",route="(none)",status="404"} 1',
      );
      expect(response.text).not.toContain(id);
    }
  });
});

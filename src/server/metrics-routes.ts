/** What counts comes in; the route that a scraper reads goes out, for those who may read metrics. */
import type { Access } from '../access/access.ts';
import { sameText } from '../secret.ts';
import { readBearer } from './door.ts';
import type { Route } from './route.ts';
import type { MetricsSource } from './services.ts';

/** Not public, even on this machine: the numbers tell which connectors are used, how much, and what ails them. */
export function metricsRoutes(access: Access, { contentType, text, token }: MetricsSource): Route[] {
  return [
    {
      verb: 'GET',
      path: '/metrics',
      operation: 'getMetrics',
      tag: 'Service',
      summary:
        'Read the metrics in the text format of Prometheus, with a token that may metrics:read or the one for scrapers.',
      access: 'public',
      answer: 'anything',
      handle: async ({ authorization }) => {
        const given = readBearer(authorization);
        if (!token || !sameText(given, token.reveal())) {
          const caller = await access.authenticate(given);
          access.authorize(caller, 'metrics:read', '*');
        }
        return { text: await text(), headers: { 'Content-Type': contentType } };
      },
    },
  ];
}

/** The runtime comes in; the routes that need no token go out: whether the service can work, and its documentation. */
import { FishplateError } from '../errors.ts';
import type { Route } from './route.ts';
import type { Services } from './services.ts';

/** `document` is built when it is asked for first: the route table that it describes includes this route. */
export function systemRoutes({ runtime }: Services, document: () => object): Route[] {
  return [
    {
      verb: 'GET',
      path: '/healthz',
      operation: 'getHealth',
      tag: 'Service',
      summary: 'Say whether the service can work: its store answers.',
      access: 'public',
      answer: 'health',
      handle: async () => {
        try {
          await runtime.store.get('account', 'healthz');
          // Changes nothing, but a file that is gone takes no writes.
          await runtime.store.write([]);
        } catch (cause) {
          throw new FishplateError('store.unavailable', 'the store does not answer', { cause });
        }
        return { body: { Status: 'ok', Store: 'ok' } };
      },
    },
    {
      verb: 'GET',
      path: '/openapi.json',
      operation: 'getDocumentation',
      tag: 'Service',
      summary: 'This document.',
      access: 'public',
      answer: 'anything',
      handle: async () => ({ body: document() }),
    },
  ];
}

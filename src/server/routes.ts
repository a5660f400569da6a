/** The services come in; the route table goes out: every path of the API, in the order in which they are matched. */
import { accessKeyRoutes } from './access-key-routes.ts';
import { accountRoutes } from './account-routes.ts';
import { auditRoutes } from './audit-routes.ts';
import { callLogRoutes } from './call-log-routes.ts';
import { callRoutes } from './call-routes.ts';
import { connectorByNameRoutes, connectorRoutes } from './connector-routes.ts';
import { installRoutes } from './install-routes.ts';
import { metricsRoutes } from './metrics-routes.ts';
import { buildOpenApi } from './openapi.ts';
import { pasteRoutes } from './paste-routes.ts';
import { policyRoutes } from './policy-routes.ts';
import { propertyRoutes } from './property-routes.ts';
import { rotationRoutes } from './rotation-routes.ts';
import type { Route } from './route.ts';
import { sandboxRoutes } from './sandbox-routes.ts';
import { serviceUserRoutes } from './service-user-routes.ts';
import type { Services } from './services.ts';
import { sessionRoutes } from './session-routes.ts';
import { setupLinkRoutes } from './setup-link-routes.ts';
import { setupRoutes } from './setup-routes.ts';
import { systemRoutes } from './system-routes.ts';
import { tokenRoutes } from './token-routes.ts';

/** Routes, documentation and tests all read this list; there is no other. `version` is shown in the documentation. */
export function createRoutes(services: Services, version: string): Route[] {
  let document: object | undefined;
  const routes: Route[] = [
    ...systemRoutes(services, () => {
      document ??= buildOpenApi(routes, services.schemas.documents, version);
      return document;
    }),
    ...(services.metrics ? metricsRoutes(services.access, services.metrics) : []),
    ...tokenRoutes(services),
    ...sessionRoutes(services),
    ...accountRoutes(services),
    ...setupRoutes(services),
    ...pasteRoutes(services),
    ...installRoutes(services),
    ...propertyRoutes(services),
    ...rotationRoutes(services),
    ...setupLinkRoutes(services),
    ...callRoutes(services),
    ...callLogRoutes(services),
    ...connectorRoutes(services),
    ...connectorByNameRoutes(services),
    ...serviceUserRoutes(services),
    ...accessKeyRoutes(services),
    ...policyRoutes(services),
    ...auditRoutes(services),
    ...sandboxRoutes(services),
  ];
  return routes;
}

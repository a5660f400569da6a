/** The stand-in for the vendor's own screens, under /_sandbox: JSON requests come in, JSON answers go out. */
import { FishplateError } from '../errors.ts';
import { createSchemaChecker } from '../schema.ts';
import type { AdminInput, AdminParts, AdminRoute } from './admin-route.ts';
import { adminRoutes } from './admin-routes.ts';
import type { VendorAnswer } from './vendor-request.ts';

export interface AdminRequest {
  readonly verb: string;
  /** Behind /_sandbox, decoded segments. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  /** Parsed JSON; undefined when there is none. */
  readonly body: unknown;
}

/** Answers one request; errors become answers with code, message and hint. */
export function createAdmin(parts: AdminParts): (request: AdminRequest) => VendorAnswer {
  const checker = createSchemaChecker();
  const routes = adminRoutes(parts);
  return (request) => {
    try {
      const found = findRoute(routes, request);
      const body = request.body ?? {};
      if (found.route.schema) {
        const problems = checker.check(found.route.schema, body);
        if (problems.length > 0)
          throw new FishplateError('input.invalid', 'The request cannot be used', { problems });
      }
      const input: AdminInput = { ids: found.ids, query: request.query, body: body as AdminInput['body'] };
      const answer = found.route.answer(input);
      return answer === undefined ? { status: 204 } : { status: found.route.status ?? 200, body: answer };
    } catch (error) {
      if (!(error instanceof FishplateError)) throw error;
      return { status: statusOf(error), body: error.toJSON() };
    }
  };
}

function findRoute(
  routes: readonly AdminRoute[],
  request: AdminRequest,
): { route: AdminRoute; ids: string[] } {
  const fitting = routes.flatMap((route) => {
    const ids = idsIn(route.path.split('/'), request.segments);
    return ids ? [{ route, ids }] : [];
  });
  const found = fitting.find(({ route }) => route.verb === request.verb);
  if (found) return found;
  const verbs = fitting.map(({ route }) => route.verb).join(', ');
  const list = [...new Set(routes.map(({ path }) => path))].join(', ');
  throw new FishplateError(
    'route.unknown',
    `/_sandbox has no ${request.verb} ${request.segments.join('/')}`,
    {
      hint: verbs === '' ? `There are ${list}.` : `The path has ${verbs}.`,
    },
  );
}

function idsIn(pattern: readonly string[], segments: readonly string[]): string[] | undefined {
  const ids: string[] = [];
  for (const [index, piece] of pattern.entries()) {
    if (piece === '**') return segments.length > index ? [...ids, ...segments.slice(index)] : undefined;
    const segment = segments[index];
    if (segment === undefined || (piece !== '*' && piece !== segment)) return undefined;
    if (piece === '*') ids.push(segment);
  }
  return segments.length === pattern.length ? ids : undefined;
}

function statusOf(error: FishplateError): number {
  const statuses: Partial<Record<FishplateError['category'], number>> = {
    'not-found': 404,
    conflict: 409,
    input: 400,
  };
  return statuses[error.category] ?? 500;
}

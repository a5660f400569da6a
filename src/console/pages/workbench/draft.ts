/** What a call is to be made with comes in; it goes out as an address to be shared, or as the body of a request - and back. Pure. */
import type { MethodCall } from '../../api/methods.ts';

/** What stands in the form of a method. */
export interface Draft {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  /** While the body is written as JSON: its text, which may be no JSON yet. */
  readonly bodyText?: string | undefined;
  readonly merge: boolean;
  readonly strict: boolean;
  readonly settings: Readonly<Record<string, string>>;
  /** Never part of a link: whoever opened it would get the first answer. */
  readonly idempotencyKey: string;
}

export const emptyDraft: Draft = {
  ...{ parameters: {}, body: undefined, merge: false, strict: false, settings: {}, idempotencyKey: '' },
};

/** Addresses beyond this are cut off by mail programs and chats. */
const MOST_LINK = 6_000;

/** Without what was touched and left empty: texts that were cleared, groups of which nothing is left. */
export function prune(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => prune(item) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
    const pruned = prune(inner);
    return pruned === undefined ? [] : [[name, pruned]];
  });
  // An object that was given empty means something; one that became empty does not.
  return kept.length === 0 && Object.keys(value).length > 0 ? undefined : Object.fromEntries(kept);
}

/** What is sent. Of a body written as JSON its value, which the caller has parsed into `body`. */
export function callOf({ parameters, body, merge, strict, settings }: Draft): MethodCall {
  const given = prune(body);
  return {
    Parameters: (prune(parameters) ?? {}) as Record<string, unknown>,
    ...(given !== undefined && { Body: given }),
    ...(Object.values(settings).some((value) => value !== '') && {
      Settings: Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== '')),
    }),
    ...(merge && { Merge: true as const }),
    ...(strict && { Strict: true as const }),
  };
}

/** What of a call is secret: dotted paths in its body, and names of settings. */
export interface Secrets {
  readonly paths: readonly string[];
  readonly settings: readonly string[];
}

/**
 * What stands behind the # of the call's address, in the words of method-call.schema.json; empty when nothing is given.
 * Browsers send it to no server. Secrets are left out; undefined when it would be too long for a link.
 */
export function fragmentOf(draft: Draft, secrets: Secrets): string | undefined {
  const settings = Object.entries(draft.settings).filter(([name]) => !secrets.settings.includes(name));
  const open = { ...draft, settings: Object.fromEntries(settings) };
  const { Parameters, Body, Settings, Merge, Strict } = callOf(open);
  const shared = prune(secrets.paths.reduce((body, path) => withoutPath(body, path.split('.')), Body));
  const parts: [string, string][] = [];
  if (Object.keys(Parameters).length > 0) parts.push(['Parameters', JSON.stringify(Parameters)]);
  if (shared !== undefined) parts.push(['Body', JSON.stringify(shared)]);
  if (Settings) parts.push(['Settings', JSON.stringify(Settings)]);
  if (Merge) parts.push(['Merge', 'true']);
  if (Strict) parts.push(['Strict', 'true']);
  // Encoding makes it longer yet, and takes its time with long lists.
  if (parts.some(([, value]) => value.length > MOST_LINK)) return undefined;
  const text = new URLSearchParams(parts).toString();
  return text.length > MOST_LINK ? undefined : text;
}

/** Reads what `fragmentOf` wrote, or a person did; what is unreadable is left out. */
export function readFragment(hash: string): Draft {
  const found = new URLSearchParams(hash.replace(/^#/, ''));
  const { Parameters, Body, Settings } = Object.fromEntries(
    ['Parameters', 'Body', 'Settings'].map((name) => [name, parseJson(found.get(name) ?? '')]),
  );
  return {
    ...emptyDraft,
    parameters: isGroup(Parameters) ? Parameters : {},
    body: Body,
    settings: isGroup(Settings)
      ? Object.fromEntries(Object.entries(Settings).map(([k, v]) => [k, String(v)]))
      : {},
    merge: found.get('Merge') === 'true',
    strict: found.get('Strict') === 'true',
  };
}

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value without what stands at the path, in which `name[]` leads into every item. */
function withoutPath(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value))
    return value.map((item) => withoutPath(item, step === '[]' ? rest : [step, ...rest]));
  const name = step.replace(/\[\]$/, '');
  if (name === '' || !Object.hasOwn(value, name)) return value;
  const { [name]: inner, ...others } = value as Record<string, unknown>;
  return rest.length === 0 ? others : { ...others, [name]: withoutPath(inner, rest) };
}

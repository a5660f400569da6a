/** What the vendor's form for service users asks beside name and policies comes in as rules; checked details go out. */
import { FishplateError } from '../errors.ts';

/** A field of the form. */
export interface DetailRule {
  readonly label: string;
  /** A list holds some of the choices. */
  readonly type: 'text' | 'boolean' | 'list';
  readonly choices?: readonly string[];
  /** Choice -> what people read in its place. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly default?: unknown;
  /** Whether it is given when the service user is made and cannot be changed later. */
  readonly fixed?: boolean;
}

export type DetailRules = Readonly<Record<string, DetailRule>>;
export type Details = Readonly<Record<string, unknown>>;

/**
 * The details of a service user: `given` over those that it has, or over the defaults for a new one. Throws
 * `sandbox.unknown`, `sandbox.not-allowed` for what is fixed, `input.invalid` for values that do not fit.
 */
export function detailsOf(rules: DetailRules, given: Details, before?: Details): Details {
  const defaults = Object.entries(rules).flatMap(([name, rule]) =>
    rule.default === undefined ? [] : [[name, rule.default] as const],
  );
  const known = before ?? Object.fromEntries(defaults);
  for (const [name, value] of Object.entries(given)) {
    const rule = rules[name];
    if (!rule)
      throw new FishplateError(
        'sandbox.unknown',
        `This vendor's service users have no ${JSON.stringify(name)}`,
        { hint: `There are ${Object.keys(rules).join(', ') || 'no details'}.` },
      );
    check(name, rule, value);
    if (rule.fixed && before && JSON.stringify(before[name]) !== JSON.stringify(value))
      throw new FishplateError(
        'sandbox.not-allowed',
        `"${rule.label}" is given when a service user is made and cannot be changed later`,
      );
  }
  return { ...known, ...given };
}

function check(name: string, { type, choices }: DetailRule, value: unknown): void {
  const isAmong = (each: unknown) =>
    typeof each === 'string' && (choices === undefined || choices.includes(each));
  const fits =
    type === 'boolean'
      ? typeof value === 'boolean'
      : type === 'list'
        ? Array.isArray(value) && value.every(isAmong)
        : isAmong(value);
  if (fits) return;
  const form = type === 'boolean' ? 'true or false' : type === 'list' ? 'a list of texts' : 'a text';
  const message = `has to be ${form}${choices ? `, out of ${choices.join(', ')}` : ''}`;
  throw new FishplateError('input.invalid', `The detail ${name} cannot be used`, {
    problems: [{ path: `details.${name}`, message }],
  });
}

/** What a JSON Schema checker found comes in; the faults that a person can mend, in plain words and by path, go out. */
import type { OutputUnit } from '@cfworker/json-schema';

export interface Fault {
  /** Names and indexes from the root of the value; a key that is missing or unknown is part of it. */
  readonly path: readonly string[];
  readonly keyword: string;
  /** A sentence without its subject: the field's label stands beside it. */
  readonly message: string;
}

/** Only tells that something below is wrong, which is told there. */
const containers = new Set([
  ...['properties', 'patternProperties', 'items', 'prefixItems', 'allOf', '$ref', 'if', 'contains'],
  ...['dependentSchemas', 'dependencies', '$recursiveRef'],
]);

/** Reads the units of a failed check; of a union only the branch that the value comes nearest to. */
export function readFaults(units: readonly OutputUnit[]): Fault[] {
  const faults = chooseBranches(units)
    .filter((unit) => !isContainer(unit, units))
    .map(faultOf);
  const seen = new Set<string>();
  return faults.filter(({ path, message }) => {
    const key = JSON.stringify([path, message]);
    return !seen.has(key) && seen.add(key);
  });
}

const isUnion = ({ keyword }: OutputUnit) => keyword === 'oneOf' || keyword === 'anyOf';

/** `additionalProperties` and its kin summarise when they hold a schema, and speak for themselves when they are `false`. */
function isContainer(unit: OutputUnit, units: readonly OutputUnit[]): boolean {
  if (containers.has(unit.keyword)) return true;
  // "false" repeats what the keyword that holds it has said of the key by name.
  if (unit.keyword === 'false') return true;
  return (
    /^(?:additional|unevaluated)/.test(unit.keyword) &&
    units.some((other) => other.keyword !== 'false' && isBelow(other, unit.keywordLocation))
  );
}

const isBelow = (unit: OutputUnit, location: string) => unit.keywordLocation.startsWith(`${location}/`);

function chooseBranches(units: readonly OutputUnit[]): OutputUnit[] {
  let kept = [...units];
  for (const union of units.filter(isUnion)) {
    const inside = kept.filter(
      (unit) => isBelow(unit, union.keywordLocation) && isAt(unit, union.instanceLocation),
    );
    const meant = meantBranch(union, inside);
    kept = kept.filter((unit) => !inside.includes(unit) && (unit !== union || meant.length === 0));
    kept.push(...meant);
  }
  return kept;
}

const isAt = (unit: OutputUnit, location: string) => `${unit.instanceLocation}/`.startsWith(`${location}/`);

/** The errors of the one branch with the fewest; a branch for another type or constant was not meant. None on a tie. */
function meantBranch(union: OutputUnit, inside: readonly OutputUnit[]): OutputUnit[] {
  const branches = new Map<string, OutputUnit[]>();
  for (const unit of inside) {
    const branch = unit.keywordLocation.slice(union.keywordLocation.length + 1).split('/')[0] ?? '';
    branches.set(branch, [...(branches.get(branch) ?? []), unit]);
  }
  const plausible = [...branches.values()].filter(
    (list) =>
      !list.some(
        ({ instanceLocation, keyword }) =>
          keyword === 'const' || (keyword === 'type' && instanceLocation === union.instanceLocation),
      ),
  );
  plausible.sort((a, b) => a.length - b.length);
  const [first, second] = plausible;
  return first && (!second || first.length < second.length) ? first : [];
}

function faultOf({ instanceLocation, keyword, error }: OutputUnit): Fault {
  const path = instanceLocation.split('/').slice(1).map(unescapePointer);
  const [first, second] = [...error.matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? '');
  if (keyword === 'required' && first !== undefined)
    return { path: [...path, first], keyword, message: 'Fill this in' };
  if (/^depend[ae]n/.test(keyword) && second !== undefined)
    return {
      path: [...path, second],
      keyword: 'dependentRequired',
      message: 'Comes together with the other one',
    };
  if (/^(?:additional|unevaluated)Properties$/.test(keyword) && first !== undefined)
    return { path: [...path, first], keyword, message: 'Is not known here' };
  return { path, keyword, message: messageOf(keyword, error) };
}

const unescapePointer = (part: string) => decode(part).replaceAll('~1', '/').replaceAll('~0', '~');

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The checker's own sentences are for programmers, but have the numbers and names that a better one needs. */
function messageOf(keyword: string, error: string): string {
  const limit = /([\d.e+-]+)\)?\.$/.exec(error)?.[1] ?? '';
  switch (keyword) {
    case 'type':
      return `Must be ${typeWords(error)}`;
    case 'enum':
      return `Must be one of ${valuesIn(error)}`;
    case 'const':
      return `Must be ${valuesIn(error)}`;
    case 'minLength':
      return limit === '1' ? 'Fill this in' : `Must have at least ${limit} characters`;
    case 'maxLength':
      return `Must have at most ${limit} characters`;
    case 'pattern':
      return 'Does not have the form that is asked for';
    case 'format':
      return `Must be ${formatWords[/"([^"]+)"/.exec(error)?.[1] ?? ''] ?? 'in the format that is asked for'}`;
    case 'minimum':
      return `Must be at least ${limit}`;
    case 'maximum':
      return `Must be at most ${limit}`;
    case 'exclusiveMinimum':
      return `Must be more than ${limit}`;
    case 'exclusiveMaximum':
      return `Must be less than ${limit}`;
    case 'multipleOf':
      return `Must be a multiple of ${limit}`;
    case 'minItems':
      return 'Needs more entries';
    case 'maxItems':
      return 'Has too many entries';
    case 'uniqueItems':
      return 'Has an entry twice';
    case 'oneOf':
    case 'anyOf':
      return 'Fits none of the forms that it may have';
    case 'not':
      return 'Is what must not be given here';
    default:
      return error.replaceAll('Instance', 'Value').replace(/\.$/, '');
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'yes or no',
  array: 'a list',
  object: 'a group of fields',
  null: 'empty',
};

function typeWords(error: string): string {
  const names = [...(error.split('Expected')[1] ?? '').matchAll(/"(\w+)"/g)].map((match) => match[1] ?? '');
  return names.map((name) => typeNames[name] ?? name).join(' or ');
}

const MOST_SHOWN = 8;

function valuesIn(error: string): string {
  const text = /match (?:any of )?(.*)\.$/s.exec(error)?.[1] ?? '';
  try {
    const values = [JSON.parse(text) as unknown].flat().map(String);
    const more = values.length > MOST_SHOWN ? ` and ${values.length - MOST_SHOWN} more` : '';
    return values.slice(0, MOST_SHOWN).join(', ') + more;
  } catch {
    return text;
  }
}

const formatWords: Readonly<Record<string, string>> = {
  date: 'a date such as 2026-01-31',
  'date-time': 'a date and time with its zone such as 2026-01-31T09:30:00Z',
  time: 'a time such as 09:30:00Z',
  email: 'an e-mail address',
  uri: 'an absolute URL such as https://example.com',
  uuid: 'a UUID',
};

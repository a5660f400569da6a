/** Fields and lines of the log come in; the same without secrets goes out: by the names of fields, by known values, and by the look of tokens. */
import { createRedaction, isTellingName, REDACTED } from '../secret.ts';

export interface LogRedaction {
  /** Takes the fields of a line before they are written; a copy is made only when something is masked. */
  fields(fields: Record<string, unknown>): Record<string, unknown>;
  /** Takes the finished line. */
  line(text: string): string;
}

const MOST_DEPTH = 6;
/** What a text must not hold whatever it is: Bearer and Basic headers (RFC 6750, RFC 7617), JSON Web Tokens, and telling parameters of URLs. */
const looks: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic) +[\w.~+/-]{16,}=*/gi, `$1 ${REDACTED}`],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, REDACTED],
  [/([?&][\w-]{0,40}(?:secret|token|passw(?:or)?d|api_?key|signature)=)[^&\s"\\]+/gi, `$1${REDACTED}`],
];

/** `secrets` are values of this process that no line may hold, whatever they got into it with. */
export function createLogRedaction(secrets: readonly string[]): LogRedaction {
  const clean = createRedaction(secrets);
  const isTelling = remembered(isTellingName);
  return {
    fields: (fields) => maskFields(fields, MOST_DEPTH, isTelling),
    line: (text) => looks.reduce((line, [look, mark]) => line.replace(look, mark), clean(text)),
  };
}

type IsTelling = (name: string) => boolean;

const MOST_REMEMBERED = 1_000;

/** The same few names stand in every line. */
function remembered(isTelling: IsTelling): IsTelling {
  const known = new Map<string, boolean>();
  return (name) => {
    let telling = known.get(name);
    if (telling === undefined) {
      telling = isTelling(name);
      if (known.size < MOST_REMEMBERED) known.set(name, telling);
    }
    return telling;
  };
}

function maskFields(
  fields: Record<string, unknown>,
  depth: number,
  isTelling: IsTelling,
): Record<string, unknown> {
  let masked: Record<string, unknown> | undefined;
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    const safe = isTelling(name) && value !== null ? REDACTED : maskValue(value, depth - 1, isTelling);
    if (safe === value) continue;
    masked ??= { ...fields };
    masked[name] = safe;
  }
  return masked ?? fields;
}

function maskValue(value: unknown, depth: number, isTelling: IsTelling): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth <= 0) return REDACTED;
  if (Array.isArray(value)) {
    const items = value.map((item) => maskValue(item, depth - 1, isTelling));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  // Errors and secrets have ways of their own to be written.
  return prototype === Object.prototype || prototype === null
    ? maskFields(value as Record<string, unknown>, depth, isTelling)
    : value;
}

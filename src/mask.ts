/** A JSON value comes in; the same with what must not be seen replaced goes out: by path, or by what fields are called. Pure. */
import { isTellingName, REDACTED } from './secret.ts';

/** Replaces the values at dotted paths (`[]` for every item) by the mark of what is hidden; a copy is returned. */
export function maskPaths(value: unknown, paths: readonly string[]): unknown {
  return paths.reduce((masked, path) => maskAt(masked, path.split('.')), value);
}

function maskAt(value: unknown, path: readonly string[]): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value === undefined || value === null ? value : REDACTED;
  if (typeof value !== 'object' || value === null) return value;
  if (step.endsWith('[]')) {
    const name = step.slice(0, -2);
    const list = name === '' ? value : (value as Record<string, unknown>)[name];
    if (!Array.isArray(list)) return value;
    const masked = list.map((item) => maskAt(item, rest));
    return name === '' ? masked : { ...value, [name]: masked };
  }
  if (!Object.hasOwn(value, step)) return value;
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === step ? maskAt(item, rest) : item));
  return { ...value, [step]: maskAt((value as Record<string, unknown>)[step], rest) };
}

/** Masks fields whose names say that a secret stands there, at every depth; a copy is returned. */
export function maskTelling(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskTelling);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, unknown]) => [
      name,
      isTellingName(name) ? maskAt(inner, []) : maskTelling(inner),
    ]),
  );
}

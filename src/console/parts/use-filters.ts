/** Names of filters come in; their values in the address go out, and the way to change them. */
import { useSearchParams } from 'react-router';

export interface Filters<Name extends string> {
  /** Empty for what is not given. */
  readonly values: Readonly<Record<Name, string>>;
  /** Takes the place of the address that was, so that "back" leaves the page. */
  readonly change: (values: Partial<Readonly<Record<Name, string>>>) => void;
  /** Names of those that filter. */
  readonly given: readonly Name[];
  readonly clear: () => void;
}

export function useFilters<Name extends string>(names: readonly Name[]): Filters<Name> {
  const [params, setParams] = useSearchParams();
  const values = Object.fromEntries(names.map((name) => [name, params.get(name) ?? ''])) as Record<
    Name,
    string
  >;
  const change: Filters<Name>['change'] = (changes) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        for (const [name, value] of Object.entries<string | undefined>(changes))
          if (value === undefined || value === '') after.delete(name);
          else after.set(name, value);
        return after;
      },
      { replace: true },
    );
  const none = Object.fromEntries(names.map((name) => [name, ''])) as Record<Name, string>;
  return { values, change, given: names.filter((name) => values[name] !== ''), clear: () => change(none) };
}

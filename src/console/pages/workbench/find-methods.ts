/** Methods and what is searched for come in; those that fit go out, by category. Pure. */
import type { MethodBrief } from '../../api/methods.ts';

export interface MethodGroup {
  readonly title: string;
  readonly methods: readonly MethodBrief[];
}

/** Where those stand whose description alone has the words. */
export const MENTIONED = 'Only mentioned in the description';

/**
 * Every word must be in the name, key, category, verb or path, whatever its case. What has them only together with its
 * description comes last, in a group of its own. An empty category is any.
 */
export function findMethods(methods: readonly MethodBrief[], text: string, category: string): MethodGroup[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const within = category === '' ? methods : methods.filter((method) => method.Category === category);
  const named = within.filter((method) => holds(headOf(method), words));
  const mentioned =
    words.length === 0
      ? []
      : within.filter(
          (method) => !named.includes(method) && holds(`${headOf(method)} ${method.Description}`, words),
        );
  return [
    ...bestFirst(groupByCategory(named), text.trim().toLowerCase()),
    ...(mentioned.length > 0 ? [{ title: MENTIONED, methods: mentioned }] : []),
  ];
}

const headOf = ({ Name, Key, Category, HttpMethod, EndPoint }: MethodBrief) =>
  `${Name} ${Key} ${Category} ${HttpMethod} ${EndPoint}`;

function holds(text: string, words: readonly string[]): boolean {
  const whole = text.toLowerCase();
  return words.every((word) => whole.includes(word));
}

/** Categories in alphabetical order; inside of them the order stays. */
function groupByCategory(methods: readonly MethodBrief[]): MethodGroup[] {
  const groups = new Map<string, MethodBrief[]>();
  for (const method of methods) groups.set(method.Category, [...(groups.get(method.Category) ?? []), method]);
  return [...groups]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([title, inside]) => ({ title, methods: inside }));
}

/** What is called just like that goes first, then what begins so; the rest stays in order. */
function bestFirst(groups: readonly MethodGroup[], text: string): MethodGroup[] {
  if (text === '') return [...groups];
  const rank = ({ Name, Key }: MethodBrief): number => {
    const names = [Name.toLowerCase(), Key.toLowerCase()];
    return names.includes(text) ? 0 : names.some((name) => name.startsWith(text)) ? 1 : 2;
  };
  const sorted = groups.map(({ title, methods }) => ({
    title,
    methods: [...methods].sort((a, b) => rank(a) - rank(b)),
  }));
  const best = ({ methods: [first] }: MethodGroup) => (first ? rank(first) : 2);
  return sorted.sort((a, b) => best(a) - best(b));
}

export const countIn = (groups: readonly MethodGroup[]): number =>
  groups.reduce((sum, { methods }) => sum + methods.length, 0);

/** A script comes in; every collection that it names goes out, with the place where it does. */
import type { SandboxScript } from './script.ts';
import type { BehaviourRule, KeepRule, MakeRule } from './script-behaviours.ts';
import type { CollectionRules, LinkRule } from './script-collections.ts';
import type { Step } from './script-steps.ts';

export interface NamedAt {
  readonly path: readonly (string | number)[];
  readonly name: string;
}

type Path = NamedAt['path'];

/** Without those that only rows are kept under: these need not be collections of entities. */
export function collectionsNamedIn(script: SandboxScript): NamedAt[] {
  const kept = keptIn(script);
  const rules = Object.entries(script.collections ?? {});
  const methods = Object.entries(script.methods ?? {});
  const named = [
    ...rules.flatMap(([name, each]) => inCollection(['collections', name], name, each)),
    ...methods.flatMap(([key, rule]) => inBehaviour(['methods', key], rule)),
    ...inSteps(['start'], script.start),
    ...journalNames(script),
  ];
  return named.filter(({ name }) => !kept.has(name));
}

function journalNames({ journal }: SandboxScript): NamedAt[] {
  if (!journal) return [];
  const names = Object.keys(journal.names).map((name) => ({ path: ['journal', 'names', name], name }));
  return [{ path: ['journal', 'in'], name: journal.in }, ...names];
}

function inCollection(path: Path, name: string, rules: CollectionRules): NamedAt[] {
  const found: NamedAt[] = [{ path, name }];
  for (const [parameter, filter] of Object.entries(rules.filters ?? {}))
    if (filter?.in !== undefined) found.push({ path: [...path, 'filters', parameter], name: filter.in });
  for (const [field, rule] of Object.entries(rules.derived ?? {})) {
    const at = [...path, 'derived', field];
    if ('link' in rule) found.push(...inLink(at, rule.link));
    else found.push({ path: at, name: Object.values(pickNames(rule))[0] ?? '' });
  }
  for (const [index, stage] of (rules.course?.stages ?? []).entries())
    found.push(...inSteps([...path, 'course', 'stages', index, 'steps'], stage.steps));
  return found;
}

/** The one of these keys that the rule has. */
const pickNames = (rule: object) =>
  Object.fromEntries(
    Object.entries(rule).filter(([key]) => ['in', 'count', 'sum', 'list', 'latest'].includes(key)),
  ) as Record<string, string>;

const inLink = (path: Path, { of }: LinkRule): NamedAt[] => (of === undefined ? [] : [{ path, name: of }]);

function inBehaviour(path: Path, rule: BehaviourRule): NamedAt[] {
  if (rule.as === 'sample') return [];
  if (rule.as !== 'answer') {
    const through = rule.as === 'list' || rule.as === 'search' ? rule.through?.in : undefined;
    const hasSteps = rule.as === 'change' || rule.as === 'preview';
    const steps = hasSteps ? inSteps([...path, 'steps'], rule.steps) : [];
    return [{ path, name: rule.of }, ...(through === undefined ? [] : [{ path, name: through }]), ...steps];
  }
  const uploads = Object.entries(rule.uploads ?? {}).flatMap(([name, upload]) => [
    ...inMakes([...path, 'uploads', name], upload.makes),
    ...inSteps([...path, 'uploads', name, 'steps'], upload.steps),
    ...inSteps([...path, 'uploads', name, 'otherwise'], upload.otherwise),
  ]);
  return [
    ...inMakes(path, rule.makes),
    ...inSteps([...path, 'steps'], rule.steps),
    ...Object.entries(rule.links ?? {}).flatMap(([name, link]) => inLink([...path, 'links', name], link)),
    ...Object.entries(rule.rows ?? {}).map(([name, { of }]) => ({ path: [...path, 'rows', name], name: of })),
    ...uploads,
  ];
}

const inMakes = (path: Path, makes: readonly MakeRule[] | undefined): NamedAt[] =>
  (makes ?? []).map((make) => ({ path, name: make.in }));

function inSteps(path: Path, steps: readonly Step[] | undefined): NamedAt[] {
  return (steps ?? []).flatMap((step, index) => {
    const at = [...path, index];
    if ('each' in step) {
      const own = step.each.includes('{{') ? [] : [{ path: at, name: step.each }];
      return [...own, ...inSteps([...at, 'steps'], step.steps)];
    }
    if ('create' in step) return [{ path: at, name: step.create }];
    if ('find' in step) return [{ path: at, name: step.find }];
    if ('change' in step) return [{ path: at, name: step.change }];
    if ('remove' in step) return [{ path: at, name: step.remove }];
    return 'put' in step ? [{ path: at, name: step.put }] : [];
  });
}

/** What rows are kept under. */
function keptIn(script: SandboxScript): ReadonlySet<string> {
  const keeps: (KeepRule | undefined)[] = Object.values(script.methods ?? {}).flatMap((rule) =>
    rule.as === 'answer'
      ? [rule.keeps, ...Object.values(rule.uploads ?? {}).map((upload) => upload.keeps)]
      : [],
  );
  return new Set(keeps.flatMap((rule) => (rule ? [rule.in] : [])));
}

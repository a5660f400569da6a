/** Parameters and fields come in; the fields go out in sections, each a group of settings that come together. Pure. */
import type { Parameter } from '../../api/answers.ts';

/** In the connector's order; a group stands where its first setting does. */
export function sectionsOf<T extends { readonly name: string }>(
  parameters: readonly Pick<Parameter, 'TargetName' | 'Group'>[],
  fields: readonly T[],
): { readonly group: string | null; readonly fields: T[] }[] {
  const sections: { group: string | null; fields: T[] }[] = [];
  for (const field of fields) {
    const group = parameters.find(({ TargetName }) => TargetName === field.name)?.Group ?? null;
    const known = group === null ? undefined : sections.find((section) => section.group === group);
    if (known) known.fields.push(field);
    else sections.push({ group, fields: [field] });
  }
  // Of a group of one nothing comes together.
  return sections.map((section) => (section.fields.length === 1 ? { ...section, group: null } : section));
}

/** The rendered fields of a settings form come in; they go out in sections: what comes together stands together. */
import { Badge, Fieldset, Stack, Text } from '@mantine/core';
import type { ObjectFieldTemplateProps, RJSFSchema } from '@rjsf/utils';
import type { ReactNode } from 'react';
import type { Level, Parameter } from '../../api/answers.ts';
import type { FormData } from '../../form/form.tsx';
import { sectionsOf } from './sections.ts';

/** What the form hands down to its layout (`formContext`). */
export interface LayoutContext {
  readonly parameters: readonly Parameter[];
  /** Whether each setting says which levels may give it. */
  readonly showsLevels: boolean;
  /** Whether stored secrets can be taken away. */
  readonly mayRemove: boolean;
  readonly demandsRequired: boolean;
}

export function SettingsLayout({
  properties,
  registry,
}: ObjectFieldTemplateProps<FormData, RJSFSchema, Record<string, unknown>>) {
  const { parameters, showsLevels, demandsRequired } = registry.formContext as unknown as LayoutContext;
  const levelOf = (name: string) => parameters.find(({ TargetName }) => TargetName === name)?.Level;
  const sections = sectionsOf(parameters, properties);
  return (
    <Stack gap="lg">
      {sections.map(({ group, fields }) => (
        <Section key={group ?? fields[0]?.name} group={group} isDemanded={demandsRequired}>
          {fields.map(({ name, content }) => (
            <Setting key={name} level={showsLevels ? levelOf(name) : undefined}>
              {content}
            </Setting>
          ))}
        </Section>
      ))}
    </Stack>
  );
}

interface SectionProps {
  readonly group: string | null;
  readonly isDemanded: boolean;
  readonly children: ReactNode;
}

function Section({ group, isDemanded, children }: SectionProps) {
  if (group === null) return <Stack gap="lg">{children}</Stack>;
  return (
    <Fieldset legend={titleOf(group)}>
      <Text size="xs" c="dimmed" mb="md">
        {isDemanded ? 'These come together.' : 'These come together: give all of them here, or none.'}
      </Text>
      <Stack gap="lg">{children}</Stack>
    </Fieldset>
  );
}

const levelNames: Readonly<Record<Level, string>> = {
  console: 'Console',
  account: 'Account',
  either: 'Console or account',
};

function Setting({ level, children }: { readonly level: Level | undefined; readonly children: ReactNode }) {
  return (
    <div className="setting" data-near>
      {level !== undefined && (
        <Badge className="setting-level" variant="default" size="sm">
          {levelNames[level]}
        </Badge>
      )}
      {children}
    </div>
  );
}

const titleOf = (group: string) => group.charAt(0).toUpperCase() + group.slice(1);

/** The vendors that are played on this machine come in; their entries of the navigation go out, and a pill while one of them misbehaves. */
import { Badge } from '@mantine/core';
import { IconFlame, IconMasksTheater } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { PlayedVendor } from '../api/sandbox-answers.ts';
import { useFaultState, useSandboxes } from '../api/sandboxes.ts';
import { listOf } from '../parts/format.ts';
import type { Section } from './navigation.tsx';
import { whatIsOn } from './what-is-on.ts';

/** No section where nothing is played: in production. */
export function usePlayedSections(): readonly Section[] {
  const { data = [] } = useSandboxes();
  if (data.length === 0) return [];
  const entries = data.map(({ Name, Title }) => ({
    ...{ label: Title, to: sandboxPlace(Name), icon: IconMasksTheater },
  }));
  return [{ title: 'Sandbox', entries }];
}

export const sandboxPlace = (name: string): string => `/sandbox/${encodeURIComponent(name)}`;

/** For the frame: whoever wonders at a failing call, on whatever page, is to see that it was asked for. */
export function FaultPills() {
  const { data = [] } = useSandboxes();
  return data.map((vendor) => <FaultPill key={vendor.Name} vendor={vendor} />);
}

export function FaultPill({ vendor: { Name, Title } }: { readonly vendor: PlayedVendor }) {
  const { data } = useFaultState(Name);
  const on = data ? whatIsOn(data) : [];
  if (on.length === 0) return null;
  return (
    <Badge
      component={Link}
      to={`${sandboxPlace(Name)}/faults`}
      className="fault-pill"
      color="amber"
      variant="light"
      size="lg"
      miw={0}
      title={`The sandbox of ${Title} is made to misbehave: ${listOf(on)}`}
      leftSection={<IconFlame size={14} aria-hidden />}
    >
      {Title}: {listOf(on)} on
    </Badge>
  );
}

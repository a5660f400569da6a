/** An installation comes in; the ways to end it go out, each behind a typed confirmation: forget its credentials, or delete it. */
import { Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { Installation } from '../../api/installation-answers.ts';
import { type Place, useDeauthenticate, useUninstall } from '../../api/installations.ts';
import { GuardedButton } from '../../parts/guarded.tsx';
import { TypedConfirm } from '../../parts/typed-confirm.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';
import { Section } from './section.tsx';

interface EndingProps {
  readonly place: Place;
  readonly installation: Installation;
  readonly onDeleted: () => void;
}

export function Ending({ place, installation, onDeleted }: EndingProps) {
  const { Name, State } = installation;
  const [asking, setAsking] = useState<'de-authenticate' | 'delete'>();
  const deauthenticate = useDeauthenticate(place);
  const uninstall = useUninstall(place);
  const announce = useAnnounce();
  const close = () => setAsking(undefined);
  const forget = () =>
    deauthenticate.mutate(undefined, {
      onSuccess: () => {
        close();
        announce(`${Name} is de-authenticated.`);
      },
    });
  return (
    <Section title="Take out of service">
      <ul className="plain-list endings">
        {State !== 'de-authenticated' && (
          <li>
            <Words title="De-authenticate">
              Forgets the account's credentials and the token. Calls are refused until it is authenticated
              again; settings and id stay.
            </Words>
            <GuardedButton
              action="installations:write"
              variant="default"
              size="sm"
              onClick={() => setAsking('de-authenticate')}
            >
              De-authenticate
            </GuardedButton>
          </li>
        )}
        <li>
          <Words title="Delete">
            Removes the installation with its values, its token and its setup links.
          </Words>
          <GuardedButton
            action="installations:write"
            variant="light"
            color="red"
            size="sm"
            onClick={() => setAsking('delete')}
          >
            Delete
          </GuardedButton>
        </li>
      </ul>
      {asking === 'de-authenticate' && (
        <TypedConfirm
          {...{ title: `De-authenticate ${Name}?`, word: Name, verb: 'De-authenticate', onClose: close }}
          isPending={deauthenticate.isPending}
          error={deauthenticate.error}
          onConfirm={forget}
        >
          Calls of this installation are refused from then on. The key itself stays valid at the vendor:
          revoke it there if it is not to be used any more.
        </TypedConfirm>
      )}
      {asking === 'delete' && (
        <TypedConfirm
          {...{ title: `Delete ${Name}?`, word: Name, verb: 'Delete', onClose: close }}
          isPending={uninstall.isPending}
          error={uninstall.error}
          onConfirm={() => uninstall.mutate(undefined, { onSuccess: onDeleted })}
        >
          This cannot be taken back. Whatever calls it by its id fails from then on. Its calls stay in the
          log.
        </TypedConfirm>
      )}
    </Section>
  );
}

const Words = ({ title, children }: { readonly title: string; readonly children: string }) => (
  <Group className="aside-words" gap={2}>
    <div>
      <Text size="sm" fw={500}>
        {title}
      </Text>
      <Text size="sm" c="dimmed">
        {children}
      </Text>
    </div>
  </Group>
);

/** A service user comes in; its access keys go out, to be generated, switched off and on, and deleted as the vendor allows it. */
import { Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import type { PlayedKey, PlayedUser, ShownKey } from '../../api/sandbox-answers.ts';
import { SANDBOX_ACTION, type ScreenRequest, screenPath, useAsk } from '../../api/sandboxes.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { ErrorNotice } from '../../parts/error-notice.tsx';
import { GuardedButton } from '../../parts/guarded.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';
import { Section } from '../installation/section.tsx';
import { AskText } from './ask-text.tsx';
import { whyNoMore } from './key-forms.ts';
import { KeyPopup } from './key-popup.tsx';
import { keyColumns } from './key-table.tsx';
import type { Vendor } from './screen.tsx';
import { wordsOf } from './words.ts';

interface AccessKeysProps {
  readonly vendor: Vendor;
  readonly user: PlayedUser;
}

export function AccessKeys({ vendor, user }: AccessKeysProps) {
  const { accessKeys: rules } = vendor.rules;
  const words = wordsOf(vendor.rules);
  const change = useAsk(vendor.name);
  const generate = useAsk<ShownKey>(vendor.name);
  const announce = useAnnounce();
  // The only place that has the secret; gone with the popup.
  const [shown, setShown] = useState<ShownKey>();
  const [asking, setAsking] = useState<'name' | PlayedKey>();
  const full = whyNoMore(user.accessKeys, rules);
  const keysPath = screenPath`service-users/${user.id}/access-keys`;
  const pathOf = (key: PlayedKey) => screenPath`service-users/${user.id}/access-keys/${key.id}`;
  const ask = (question?: 'name' | PlayedKey) => {
    change.reset();
    generate.reset();
    setAsking(question);
  };
  const show = (Path: string, Body?: { readonly name: string }) => {
    change.reset();
    generate.mutate(
      { Verb: 'POST', Path, ...(Body && { Body }) },
      {
        onSuccess: (key) => {
          setShown(key);
          ask(undefined);
        },
      },
    );
  };
  const act = (request: ScreenRequest, done: string) => {
    generate.reset();
    change.mutate(request, {
      onSuccess: () => {
        setAsking(undefined);
        announce(done);
      },
    });
  };
  const columns = keyColumns(vendor, {
    regenerate: (key) => show(`${pathOf(key)}/regenerate`),
    setActive: (key, active) =>
      act(
        { Verb: 'PUT', Path: pathOf(key), Body: { active } },
        `${key.id} is ${active ? rules.active : rules.inactive} now.`,
      ),
    register: ask,
    remove: (key) => act({ Verb: 'DELETE', Path: pathOf(key) }, `Deleted the key ${key.id}.`),
  });
  const error = change.error ?? generate.error;
  return (
    <Section
      title={words.accessKeys}
      lead={
        full === '' ? 'What it signs in with. The secret of a key is shown once, when it is generated.' : full
      }
      actions={
        full === '' && (
          <GuardedButton
            action={SANDBOX_ACTION}
            size="sm"
            leftSection={<IconKey size={16} aria-hidden />}
            loading={generate.isPending}
            loaderProps={{ type: 'dots' }}
            onClick={() => (rules.named ? ask('name') : show(keysPath))}
          >
            {words.generate}
          </GuardedButton>
        )
      }
    >
      {error && !asking && (
        <div className="section-body">
          <ErrorNotice error={error} title={`${vendor.title} refuses this`} />
        </div>
      )}
      {user.accessKeys.length === 0 ? (
        <div className="section-body">
          <Text size="sm">It has no key yet, so nothing can sign in as it.</Text>
        </div>
      ) : (
        <DataTable
          caption={words.accessKeys}
          columns={columns}
          rows={user.accessKeys}
          rowKey={({ id }) => id}
        />
      )}
      {shown && <KeyPopup vendor={vendor} shown={shown} close={() => setShown(undefined)} />}
      {asking === 'name' && (
        <AskText
          {...{ title: words.generate, label: 'Name of the key', verb: 'Generate', error }}
          isPending={generate.isPending}
          done={(name) => show(keysPath, { name })}
          close={() => ask(undefined)}
        />
      )}
      {typeof asking === 'object' && (
        <AskText
          {...{
            title: 'Public key',
            label: `Public key of ${asking.id}`,
            verb: 'Register',
            error,
            isLong: true,
          }}
          description="As PEM. What the client signs with its private key is checked with it."
          {...(asking.publicKey !== undefined && { text: asking.publicKey })}
          isPending={change.isPending}
          done={(publicKey) =>
            act(
              { Verb: 'PUT', Path: `${pathOf(asking)}/public-key`, Body: { publicKey } },
              `Registered the public key of ${asking.id}.`,
            )
          }
          close={() => ask(undefined)}
        />
      )}
    </Section>
  );
}

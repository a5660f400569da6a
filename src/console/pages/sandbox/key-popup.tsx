/** A key that was just generated comes in; the vendor's popup goes out, which shows the secret once, in its forms for copying. */
import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconPlug } from '@tabler/icons-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { ShownKey } from '../../api/sandbox-answers.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { useAnnounce } from '../../shell/announcer.tsx';
import { formsOf, type KeyForm } from './key-forms.ts';
import type { Vendor } from './screen.tsx';

interface KeyPopupProps {
  readonly vendor: Vendor;
  readonly shown: ShownKey;
  /** Forgets the key. */
  readonly close: () => void;
}

/** Not closed by a click beside it: what is shown is gone then. */
export function KeyPopup({ vendor, shown, close }: KeyPopupProps) {
  const forms = formsOf(shown);
  const [chosen, setChosen] = useState<string>();
  const form = forms.find(({ id }) => id === chosen) ?? forms[0];
  return (
    <Dialog onClose={close} title="Access key generated" size="lg" closeOnClickOutside={false}>
      <Stack gap="md">
        <Text size="sm">
          Copy it now. The secret of <span className="id">{shown.accessKeyId}</span> is shown here only, and
          only this once; if it gets lost, generate another key.
        </Text>
        {forms.length > 1 && (
          <SegmentedControl
            aria-label="Copy as"
            fullWidth
            value={form?.id ?? ''}
            onChange={setChosen}
            data={forms.map(({ id, label }) => ({ value: id, label }))}
          />
        )}
        {form && <Form form={form} />}
        <Group justify="space-between" gap="sm">
          <InstallButton vendor={vendor} form={forms.find(({ text }) => text !== '')} />
          <Button onClick={close}>Done</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

/** As high with one form as with another, so that the buttons stay where they are. */
function Form({ form: { id, text, values } }: { readonly form: KeyForm }) {
  return (
    <div className="key-form">
      {text !== '' && (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled by keyboard */}
          <pre className="key-text" tabIndex={0}>
            {text}
          </pre>
          <CopyButton value={text} label={id === 'json' ? 'Copy the JSON' : 'Copy the variables'} withText />
        </>
      )}
      {values.length > 0 && (
        <dl className="key-values">
          {values.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="id">{value}</dd>
              <CopyButton value={value} label={`Copy ${name}`} />
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

interface InstallButtonProps {
  readonly vendor: Vendor;
  /** A form that can be pasted as a whole. */
  readonly form: KeyForm | undefined;
}

/** The key goes by the clipboard, never by the address. */
function InstallButton({ vendor: { name, title }, form }: InstallButtonProps) {
  const navigate = useNavigate();
  const announce = useAnnounce();
  if (!form) return <span />;
  const install = async () => {
    try {
      await navigator.clipboard.writeText(form.text);
    } catch {
      announce('This browser does not let the page copy: copy the key by hand, then install it.', 'failed');
      return;
    }
    announce(`Copied. Choose an account, then paste it under "Paste what ${title} shows".`);
    void navigate(`/connectors/${encodeURIComponent(name)}/install`);
  };
  return (
    <Button variant="default" leftSection={<IconPlug size={16} aria-hidden />} onClick={() => void install()}>
      Copy and install it
    </Button>
  );
}

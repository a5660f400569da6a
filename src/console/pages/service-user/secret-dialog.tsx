/** An access key with its secret comes in; a dialog goes out that shows it once, in three forms to copy. */
import { Alert, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconKey } from '@tabler/icons-react';
import { focusManager } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { AccessKeyWithSecret } from '../../api/access-answers.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { type Credentials, envOf, jsonOf } from './secret-forms.ts';

interface SecretDialogProps {
  readonly accessKey: AccessKeyWithSecret;
  readonly onClose: () => void;
}

const forms = [
  { value: 'env', label: 'Environment' },
  { value: 'json', label: 'JSON' },
  { value: 'values', label: 'Values' },
];

export function SecretDialog({ accessKey: { Id, Name, Secret }, onClose }: SecretDialogProps) {
  const [form, setForm] = useState('env');
  const [isLeaving, setLeaving] = useState(false);
  useHeldQueries();
  const credentials: Credentials = { url: window.location.origin, clientId: Id, clientSecret: Secret };
  return (
    <Dialog
      onClose={() => setLeaving(true)}
      closeOnClickOutside={false}
      title={`Secret of ${Name}`}
      size="lg"
    >
      <Stack gap="md">
        <Alert variant="light" color="amber" icon={<IconKey aria-hidden />} title="Copy it now">
          The secret is shown here and nowhere else: only its hash is kept. Put it where your program finds
          its secrets.
        </Alert>
        <SegmentedControl fullWidth aria-label="In which form" data={forms} value={form} onChange={setForm} />
        {form === 'env' && <Snippet text={envOf(credentials)} label="Copy the variables" />}
        {form === 'json' && <Snippet text={jsonOf(credentials)} label="Copy the JSON" />}
        {form === 'values' && <Values credentials={credentials} />}
        {isLeaving ? (
          <Alert
            variant="light"
            color="red"
            role="alert"
            icon={<IconAlertTriangle aria-hidden />}
            title="It is not shown again"
          >
            <Text size="sm">Whoever loses the secret has to regenerate it. Is it stored?</Text>
            <Group gap="sm" mt="sm" p={3}>
              <Button size="compact-sm" variant="default" onClick={() => setLeaving(false)} autoFocus>
                Not yet
              </Button>
              <Button size="compact-sm" color="red.9" onClick={onClose}>
                It is stored: close
              </Button>
            </Group>
          </Alert>
        ) : (
          <Group justify="flex-end">
            <Button onClick={() => setLeaving(true)}>Done</Button>
          </Group>
        )}
      </Stack>
    </Dialog>
  );
}

function Snippet({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <div>
      <pre className="secret-text">{text}</pre>
      <Group justify="flex-end" mt="xs">
        <CopyButton value={text} label={label} withText />
      </Group>
    </div>
  );
}

function Values({ credentials: { url, clientId, clientSecret } }: { readonly credentials: Credentials }) {
  const rows = [
    { name: 'URL', value: url, label: 'Copy the URL' },
    { name: 'Client ID', value: clientId, label: 'Copy the client id' },
    { name: 'Client secret', value: clientSecret, label: 'Copy the client secret' },
  ];
  return (
    <dl className="secret-values">
      {rows.map(({ name, value, label }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <span className="id">{value}</span>
            <CopyButton value={value} label={label} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/**
 * A new secret of one's own key ends the session. Whoever comes back from the window where it was stored must still find
 * the dialog, not the sign-in: until it closes, coming back asks the API for nothing.
 */
function useHeldQueries(): void {
  useEffect(() => {
    focusManager.setFocused(false);
    return () => focusManager.setFocused(undefined);
  }, []);
}

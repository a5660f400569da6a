/** What a setup link asks for comes in; the customer's values go out, tested, and what is wrong stands at its field. */
import { Group, Stack, Text, Title } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { ApiError, isApiError } from '../../api/api-error.ts';
import type { SetupForm } from '../../api/installation-answers.ts';
import { completeSetupLink } from '../../api/setup-links.ts';
import { ConnectorIcon } from '../../parts/connector-icon.tsx';
import { formatTime, listOf } from '../../parts/format.ts';
import { givenIn } from '../../parts/installation-settings.ts';
import { OutsideLink } from '../../parts/outside-link.tsx';
import { PasteBox } from '../../parts/paste-box/paste-box.tsx';
import { SettingsForm } from '../../parts/settings-form/settings-form.tsx';
import type {
  SettingsChanges,
  SettingsData,
  StoredSettings,
} from '../../parts/settings-form/settings-schema.ts';
import { errorOfReason, titleOfReason } from '../../parts/test-reason.ts';

interface CustomerFormProps {
  readonly token: string;
  readonly form: SetupForm;
  readonly onForm: (form: SetupForm) => void;
  /** The link is not good any more. */
  readonly onRefused: (error: unknown) => void;
}

export function CustomerForm({ token, form, onForm, onRefused }: CustomerFormProps) {
  const { Connector, Settings, State, StateReason, ExpiresDate } = form;
  const [filled, setFilled] = useState<SettingsData>();
  const [isPending, setPending] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const [wasTried, setTried] = useState(false);
  const stored = useMemo(() => storedOf(form), [form]);
  const reason = wasTried && State === 'failing' && StateReason ? StateReason : undefined;
  const error = useMemo(
    () => refusal ?? (reason && errorOfReason(reason, Settings)) ?? leftOver(wasTried, form),
    [refusal, reason, Settings, wasTried, form],
  );
  const submit = async (changes: SettingsChanges) => {
    const emptied = Object.keys(changes).filter((key) => changes[key] === null);
    if (emptied.length > 0) {
      setRefusal(emptiedError(emptied));
      return false;
    }
    setPending(true);
    setRefusal(null);
    try {
      const after = await completeSetupLink(token, givenIn(changes));
      setTried(true);
      onForm(after);
      return true;
    } catch (thrown) {
      if (isApiError(thrown, 'link.used', 'link.expired', 'link.unknown')) onRefused(thrown);
      else setRefusal(thrown);
      return false;
    } finally {
      setPending(false);
    }
  };
  return (
    <Stack gap="lg">
      <Group gap="md" wrap="nowrap" align="flex-start">
        <ConnectorIcon connector={Connector} size={48} />
        <div>
          <Title order={1} size="h2">
            Connect {Connector.Title}
          </Title>
          <Text c="dimmed" mt={4}>
            {Connector.Description}
          </Text>
        </div>
      </Group>
      {Connector.Guide !== null && (
        <Text size="sm">
          You need credentials of {Connector.Title}.{' '}
          <OutsideLink href={Connector.Guide} size="sm">
            How to make them
          </OutsideLink>
        </Text>
      )}
      <PasteBox
        title={Connector.Title}
        parameters={Settings}
        onFound={(values) => setFilled({ ...values })}
      />
      <SettingsForm
        {...{ parameters: Settings, stored, level: 'account', filled, error }}
        demandsRequired
        mayRemove={false}
        errorTitle={reason && refusal === null ? titleOfReason(reason.Code) : undefined}
        submitLabel="Test and finish"
        isSaving={isPending}
        onSave={submit}
        onNothing={() => void submit({})}
        actions={
          <Text size="sm" c="dimmed" role="status">
            {isPending && `Asking ${Connector.Title} ...`}
          </Text>
        }
      />
      <Text size="xs" c="dimmed" className="icon-line">
        <IconLock size={15} aria-hidden />
        <span>
          What you give is stored encrypted and never shown again. The link is good until{' '}
          {formatTime(ExpiresDate)}, and once only.
        </span>
      </Text>
    </Stack>
  );
}

/** What the account gives already can be replaced; the console's values are not asked for. */
const storedOf = ({ Settings }: SetupForm): StoredSettings =>
  Object.fromEntries(
    Settings.map(({ TargetName, IsSet, Value, Source }) => [
      TargetName,
      { isSet: IsSet, value: Value, source: Source },
    ]),
  );

/** A link replaces values; taking them away is for the owner. */
const emptiedError = (keys: readonly string[]) =>
  new ApiError({
    ...{ code: 'input.invalid', category: 'input', status: 0, requestId: undefined },
    message: 'What was given already can be replaced here, not taken away',
    hint: 'Fill these fields in.',
    problems: keys.map((path) => ({ path, message: 'Fill this in' })),
  });

/** Tested it was not: something that the customer is not asked for is missing, or nothing was proven. */
function leftOver(wasTried: boolean, { State, Settings }: SetupForm): Error | undefined {
  if (!wasTried || State === 'failing') return undefined;
  const missing = Settings.filter(({ IsMissing }) => IsMissing).map(({ DisplayName }) => DisplayName);
  return new Error(
    missing.length > 0
      ? `Still missing: ${listOf(missing)}.`
      : 'What you gave is stored, but something else is missing that only the sender of the link can give.',
  );
}

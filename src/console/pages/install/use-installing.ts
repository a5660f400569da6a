/** What is filled in comes in; an installation goes out, which the first submission makes and every later one mends. */
import { useState } from 'react';
import type { Installation } from '../../api/installation-answers.ts';
import { useInstall, useMendInstallation } from '../../api/installations.ts';
import { givenIn } from '../../parts/installation-settings.ts';
import type { SettingsChanges } from '../../parts/settings-form/settings-schema.ts';

interface Submission {
  readonly name: string;
  readonly authId: string | undefined;
  readonly changes: SettingsChanges;
}

export function useInstalling(account: string, connector: string) {
  const [installation, setInstallation] = useState<Installation>();
  const install = useInstall(account, connector);
  const mend = useMendInstallation(account);
  const submit = async ({ name, authId, changes }: Submission): Promise<Installation | undefined> => {
    try {
      const after = installation
        ? await mend.mutateAsync({ installation: installation.Id, changes })
        : await install.mutateAsync({ name, authId, values: givenIn(changes) });
      setInstallation(after);
      return after;
    } catch {
      // The form shows it.
      return undefined;
    }
  };
  return {
    /** Undefined before the first submission. */
    installation,
    /** Resolves to undefined when the API refused; `error` has why. A connection that does not work is no refusal. */
    submit,
    isPending: install.isPending || mend.isPending,
    error: installation ? mend.error : install.error,
  };
}

/** A statement of a policy comes in; its form goes out: allow or deny, which actions, done to what. */
import {
  Button,
  Checkbox,
  Group,
  Paper,
  Radio,
  SegmentedControl,
  Stack,
  Text,
  Textarea,
  Title,
} from '@mantine/core';
import { actionGroups } from '../../parts/policy-words.ts';
import { coveredBy, patternsOf, type StatementDraft, toggle } from './statement-draft.ts';

interface StatementCardProps {
  readonly title: string;
  readonly draft: StatementDraft;
  /** Empty when nothing is wrong with it, or nobody has tried to save it. */
  readonly fault: string;
  readonly disabled: boolean;
  readonly onChange: (draft: StatementDraft) => void;
  /** Undefined for the only one. */
  readonly onRemove: (() => void) | undefined;
}

export function StatementCard({ title, draft, fault, disabled, onChange, onRemove }: StatementCardProps) {
  const isDenial = draft.effect === 'deny';
  return (
    <Paper
      withBorder
      p="lg"
      component="section"
      aria-label={title}
      {...(isDenial && { className: 'denial' })}
    >
      <Stack gap="lg">
        <Group justify="space-between">
          <Group gap="md">
            <Title order={3} size="h4">
              {title}
            </Title>
            <SegmentedControl
              size="sm"
              aria-label={`${title}: effect`}
              data={[
                { value: 'allow', label: 'Allow' },
                { value: 'deny', label: 'Deny' },
              ]}
              value={draft.effect}
              onChange={(effect) => onChange({ ...draft, effect: effect === 'deny' ? 'deny' : 'allow' })}
              disabled={disabled}
            />
          </Group>
          {onRemove && !disabled && (
            <Button variant="subtle" color="red" size="compact-sm" onClick={onRemove}>
              Remove
            </Button>
          )}
        </Group>
        {isDenial && (
          <Text size="sm" c="dimmed">
            What is denied here, no other statement can allow - of this policy or of another that the service
            user has.
          </Text>
        )}
        <Actions draft={draft} disabled={disabled} onChange={onChange} />
        <Resources draft={draft} disabled={disabled} onChange={onChange} />
        {fault !== '' && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {fault}.
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

type PartProps = Pick<StatementCardProps, 'draft' | 'disabled' | 'onChange'>;

function Actions({ draft, disabled, onChange }: PartProps) {
  const { actions } = draft;
  const flip = (text: string) => onChange({ ...draft, actions: toggle(actions, text) });
  return (
    <fieldset className="plain-fieldset">
      <legend>Actions</legend>
      <div className="action-groups">
        <div>
          <div className="action-noun">By pattern</div>
          <Stack gap={10}>
            {patternsOf(actions).map(({ pattern, does }) => (
              <Checkbox
                key={pattern}
                size="sm"
                label={<span className="id">{pattern}</span>}
                description={does}
                checked={actions.includes(pattern)}
                disabled={disabled}
                onChange={() => flip(pattern)}
              />
            ))}
          </Stack>
        </div>
        {actionGroups.map(({ noun, actions: choices }) => (
          <div key={noun}>
            <div className="action-noun">{noun}</div>
            <Stack gap={10}>
              {choices.map(({ action, does }) => {
                const pattern = coveredBy(actions, action);
                return (
                  <Checkbox
                    key={action}
                    size="sm"
                    label={<span className="id">{action}</span>}
                    description={pattern === undefined ? does : `${does} - by ${pattern}`}
                    checked={pattern !== undefined || actions.includes(action)}
                    disabled={disabled || pattern !== undefined}
                    onChange={() => flip(action)}
                  />
                );
              })}
            </Stack>
          </div>
        ))}
      </div>
    </fieldset>
  );
}

function Resources({ draft, disabled, onChange }: PartProps) {
  const { isEverywhere, lines } = draft;
  return (
    <Stack gap="sm">
      <Radio.Group
        label="Done to"
        value={isEverywhere ? 'all' : 'some'}
        onChange={(value) => onChange({ ...draft, isEverywhere: value === 'all' })}
      >
        <Group gap="lg" mt={4}>
          <Radio value="all" label="Everything" disabled={disabled} />
          <Radio value="some" label="Only these" disabled={disabled} />
        </Group>
      </Radio.Group>
      {!isEverywhere && (
        <Textarea
          label="Resources"
          description="One a line: account/{id}, connector/{name} or service-user/{id}. A * stands for any text of the id."
          placeholder={'account/test-*\nconnector/billing'}
          value={lines}
          onChange={({ currentTarget }) => onChange({ ...draft, lines: currentTarget.value })}
          disabled={disabled}
          autosize
          minRows={3}
          maxRows={12}
          spellCheck={false}
          classNames={{ input: 'id' }}
        />
      )}
    </Stack>
  );
}

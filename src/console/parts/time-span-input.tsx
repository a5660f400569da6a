/** A time span comes in; a choice of usual ones goes out, and two times for any other. */
import { Select, TextInput } from '@mantine/core';
import { BETWEEN, isoOf, localOf, type SpanText, spans } from './time-span.ts';

interface TimeSpanInputProps {
  readonly value: SpanText;
  readonly onChange: (change: Partial<SpanText>) => void;
}

const choices = [
  { value: '', label: 'Any time' },
  ...spans.map(({ value, label }) => ({ value, label })),
  { value: BETWEEN, label: 'Between ...' },
];

export function TimeSpanInput({ value: { range, after, before }, onChange }: TimeSpanInputProps) {
  const chosen = choices.some(({ value }) => value === range) ? range : '';
  return (
    <>
      <Select
        label="Time"
        data={choices}
        value={chosen}
        onChange={(next) =>
          onChange(next === BETWEEN ? { range: next } : { range: next ?? '', after: '', before: '' })
        }
        allowDeselect={false}
      />
      {chosen === BETWEEN && (
        <>
          <TextInput
            type="datetime-local"
            label="From"
            value={localOf(after)}
            onChange={({ currentTarget }) => onChange({ after: isoOf(currentTarget.value) })}
          />
          <TextInput
            type="datetime-local"
            label="To, not included"
            value={localOf(before)}
            onChange={({ currentTarget }) => onChange({ before: isoOf(currentTarget.value) })}
          />
        </>
      )}
    </>
  );
}

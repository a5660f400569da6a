/** A text to filter by comes in; an input goes out that hands it on when it is complete, with suggestions. */
import { Autocomplete } from '@mantine/core';
import { useEffect, useState } from 'react';

interface FilterTextProps {
  readonly label: string;
  readonly placeholder?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly suggestions?: readonly string[];
}

const MOST_SUGGESTIONS = 30;

/** Complete is what was chosen, or left, or confirmed with Enter: the API compares whole texts. */
export function FilterText({ label, placeholder, value, onChange, suggestions = [] }: FilterTextProps) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const commit = (next: string) => {
    if (next.trim() !== value) onChange(next.trim());
  };
  return (
    <Autocomplete
      label={label}
      {...(placeholder !== undefined && { placeholder })}
      data={[...suggestions]}
      limit={MOST_SUGGESTIONS}
      value={text}
      onChange={(next) => {
        setText(next);
        if (next === '') commit('');
      }}
      onOptionSubmit={commit}
      onBlur={() => commit(text)}
      onKeyDown={({ key }) => {
        if (key === 'Enter') commit(text);
      }}
      clearable
      clearButtonProps={{ 'aria-label': `Clear ${label.toLowerCase()}` }}
      autoComplete="off"
      spellCheck={false}
    />
  );
}

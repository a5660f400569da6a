/** A vendor's methods come in; a field goes out to choose one of them, or one of what is no method: tokens, files. */
import { Select } from '@mantine/core';
import type { Vendor } from './screen.tsx';
import { specialMethods } from './special-methods.ts';

interface MethodSelectProps {
  readonly vendor: Vendor;
  readonly label: string;
  /** Empty: all. */
  readonly value: string;
  readonly onChange: (method: string) => void;
}

export function MethodSelect({ vendor, label, value, onChange }: MethodSelectProps) {
  return (
    <Select
      label={label}
      placeholder="All"
      data={[
        ...Object.entries(specialMethods).map(([id, text]) => ({ value: id, label: text })),
        ...vendor.rules.methods.map((key) => ({ value: key, label: key })),
      ]}
      value={value === '' ? null : value}
      onChange={(chosen) => onChange(chosen ?? '')}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': `${label}: all` }}
      limit={60}
      nothingFoundMessage="No method has that in its key"
    />
  );
}

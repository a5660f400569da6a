/** A JSON value comes in; it goes out as a tree that opens level by level, and as raw text, both to be copied. */
import { Group, ScrollArea, SegmentedControl, UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useMemo, useState } from 'react';
import { CopyButton } from './copy-button.tsx';
import { countOf } from './format.ts';

interface JsonViewProps {
  readonly value: unknown;
  /** What it is, for those who cannot see it: "Answer". */
  readonly label: string;
  /** How many levels are open at first. */
  readonly openLevels?: number;
  readonly maxHeight?: number;
  /** The same as a table, where it is a list: shown first. */
  readonly table?: ReactNode;
  /** Further buttons beside the one that copies. */
  readonly actions?: ReactNode;
}

/** Longer texts are cut on the page, not in what is copied. */
const MOST_RAW = 200_000;

/** Entries beyond this wait for a click: a page of a thousand records must not stop the browser. */
const MOST_ENTRIES = 100;

export function JsonView(props: JsonViewProps) {
  const { value, label, openLevels = 3, maxHeight = 520, table, actions } = props;
  const [choice, setView] = useState<string>();
  const view = choice ?? (table === undefined ? 'tree' : 'table');
  const raw = useMemo(() => JSON.stringify(value, null, 2) ?? 'null', [value]);
  return (
    <section className="json-view" aria-label={label}>
      <Group justify="space-between" className="json-bar">
        <SegmentedControl
          size="xs"
          aria-label={`${label}: how to show it`}
          value={view}
          onChange={setView}
          data={[
            ...(table === undefined ? [] : [{ value: 'table', label: 'Table' }]),
            { value: 'tree', label: 'Tree' },
            { value: 'raw', label: 'Raw' },
          ]}
        />
        <Group gap="xs">
          <CopyButton value={raw} label="Copy JSON" withText />
          {actions}
        </Group>
      </Group>
      <ScrollArea.Autosize mah={maxHeight} type="auto" viewportProps={{ tabIndex: 0, 'aria-label': label }}>
        {view === 'table' && table}
        {view === 'raw' && (
          <pre className="json-text">
            {raw.slice(0, MOST_RAW)}
            {raw.length > MOST_RAW && (
              <span className="json-dim">
                {'\n'}... and {countOf(raw.length - MOST_RAW, 'more character')}: copy or download it.
              </span>
            )}
          </pre>
        )}
        {view === 'tree' && (
          <div className="json-text">
            <JsonNode value={value} level={0} openLevels={openLevels} />
          </div>
        )}
      </ScrollArea.Autosize>
    </section>
  );
}

interface NodeProps {
  readonly name?: string;
  readonly value: unknown;
  readonly level: number;
  readonly openLevels: number;
}

function JsonNode({ name, value, level, openLevels }: NodeProps) {
  const [isOpen, setOpen] = useState(level < openLevels);
  const [shown, setShown] = useState(MOST_ENTRIES);
  const entries = entriesOf(value);
  if (entries === undefined || entries.length === 0)
    return (
      <div className="json-leaf">
        <Name name={name} />
        <Leaf value={value} />
      </div>
    );
  return (
    <div>
      <UnstyledButton className="json-toggle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <IconChevronRight size={14} aria-hidden className="json-chevron" />
        <Name name={name} />
        <span className="json-dim">
          {Array.isArray(value) ? countOf(entries.length, 'item') : countOf(entries.length, 'field')}
        </span>
      </UnstyledButton>
      {isOpen && (
        <div className="json-children">
          {entries.slice(0, shown).map(([key, child]) => (
            <JsonNode key={key} name={key} value={child} level={level + 1} openLevels={openLevels} />
          ))}
          {entries.length > shown && (
            <UnstyledButton className="json-more" onClick={() => setShown(shown + MOST_ENTRIES)}>
              Show {Math.min(MOST_ENTRIES, entries.length - shown)} more of {entries.length}
            </UnstyledButton>
          )}
        </div>
      )}
    </div>
  );
}

const Name = ({ name }: { readonly name: string | undefined }) =>
  name === undefined ? null : (
    <>
      <span className="json-name">{name}</span>
      <span className="json-dim">: </span>
    </>
  );

function Leaf({ value }: { readonly value: unknown }) {
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  const text = kind === 'array' ? '[]' : kind === 'object' ? '{}' : (JSON.stringify(value) ?? 'null');
  return <span className={`json-${kind}`}>{text}</span>;
}

/** Undefined for what has none: texts, numbers, null. */
function entriesOf(value: unknown): [string, unknown][] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value);
}

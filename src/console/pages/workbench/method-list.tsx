/** The methods of a connector come in; a list to search, to filter and to walk through with the arrow keys goes out. */
import { CloseButton, Kbd, Select, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { MethodBrief } from '../../api/methods.ts';
import { countOf } from '../../parts/format.ts';
import { countIn, findMethods } from './find-methods.ts';
import { MethodRows, type UploadEntry, UploadRows } from './method-rows.tsx';
import { arrowKeys, useCurrentInView, useSlash } from './use-list-keys.ts';

const FIRST_GROUPS = 8;

interface MethodListProps {
  readonly methods: readonly MethodBrief[];
  readonly uploads: readonly UploadEntry[];
  /** The key of the one that is open; empty when none is. */
  readonly current: string;
  /** Both must stay the same from one time to the next. */
  readonly hrefOf: (key: string) => string;
  readonly open: (key: string) => void;
}

export function MethodList({ methods, uploads, current, hrefOf, open }: MethodListProps) {
  const [text, setText] = useState('');
  const [category, setCategory] = useState<string | null>(null);
  const groups = useMemo(() => findMethods(methods, text, category ?? ''), [methods, text, category]);
  const categories = useMemo(() => [...new Set(methods.map(({ Category }) => Category))].sort(), [methods]);
  const files = category === null ? uploads.filter(({ name }) => holdsAll(`upload file ${name}`, text)) : [];
  // The letters, and what fits on a screen, are there at once; the list follows when there is time, or a key asks for it.
  const deferred = useDeferredValue(groups, groups.slice(0, FIRST_GROUPS));
  const [asked, setAsked] = useState<typeof groups>();
  const shown = asked === groups ? groups : deferred;
  const drawNow = () => flushSync(() => setAsked(groups));
  const count = countIn(groups) + files.length;
  const [spoken] = useDebouncedValue(`${countOf(count, 'method')} found`, 500);
  const search = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLElement>(null);
  useSlash(search);
  useCurrentInView(list, current, shown.length);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys come from the search and the links inside
    <div className="method-list" onKeyDown={arrowKeys(search, list, drawNow)}>
      <TextInput
        ref={search}
        type="search"
        aria-label="Search methods"
        aria-keyshortcuts="/"
        placeholder={`Search ${countOf(methods.length, 'method')}`}
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={
          text === '' ? (
            <Kbd size="xs" aria-hidden>
              /
            </Kbd>
          ) : (
            <CloseButton size="sm" aria-label="Clear the search" onClick={() => setText('')} />
          )
        }
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      {categories.length > 1 && (
        <Select
          aria-label="Category"
          placeholder={`All ${countOf(categories.length, 'category', 'categories')}`}
          data={categories}
          value={category}
          onChange={setCategory}
          searchable
          clearable
          size="xs"
        />
      )}
      <div role="status" className="visually-hidden">
        {spoken}
      </div>
      <nav aria-label="Methods" className="method-groups" ref={list}>
        {files.length > 0 && <UploadRows uploads={files} {...{ current, hrefOf, open }} />}
        {shown.map((group) => (
          <MethodRows
            key={group.title}
            {...{ group, hrefOf, open }}
            current={group.methods.some(({ Key }) => Key === current) ? current : ''}
          />
        ))}
        {count === 0 && (
          <Text size="sm" c="dimmed" p="sm">
            No method fits{text !== '' && ` "${text}"`}. Try fewer letters, or another category.
          </Text>
        )}
      </nav>
    </div>
  );
}

const holdsAll = (text: string, words: string) =>
  words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.toLowerCase().includes(word));

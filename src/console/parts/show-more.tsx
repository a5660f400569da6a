/** How many rows are shown of how many at most comes in; the way to more goes out, or to older ones. */
import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { countOf } from './format.ts';

interface ShowMoreProps {
  readonly shown: number;
  /** How many were asked for: fewer came when there are no more. */
  readonly limit: number;
  /** How many one answer may hold. */
  readonly most: number;
  /** "call". */
  readonly noun: string;
  /** "entries", where an s does not do. */
  readonly nouns?: string;
  readonly isFetching: boolean;
  readonly more: () => void;
  /** Starts a new list where this one ends. */
  readonly older: () => void;
}

export function ShowMore(props: ShowMoreProps) {
  const { shown, limit, most, noun, nouns, isFetching, more, older } = props;
  if (shown === 0) return null;
  const isFull = shown >= limit || isFetching;
  return (
    <Group gap="md">
      {isFull && (
        <Button
          variant="default"
          onClick={limit < most ? more : older}
          loading={isFetching}
          loaderProps={{ type: 'dots' }}
        >
          {limit < most ? 'Show more' : 'Show older ones'}
        </Button>
      )}
      <Text size="sm" c="dimmed">
        {isFull ? `The newest ${countOf(shown, noun, nouns)}` : countOf(shown, noun, nouns)}
      </Text>
    </Group>
  );
}

/** How many rows are asked for: `step` again as soon as the list is another one. */
export function useLimit(list: string, step: number): readonly [number, (limit: number) => void] {
  const [chosen, setChosen] = useState({ list, limit: step });
  return [chosen.list === list ? chosen.limit : step, (limit) => setChosen({ list, limit })];
}

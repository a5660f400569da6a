/** A connector's parameters come in; a box goes out that takes what the vendor's screen offers for copying, and hands on what it holds. */
import { Button, Group, Stack, Text, Textarea, UnstyledButton } from '@mantine/core';
import { IconCheck, IconChevronRight, IconClipboardText } from '@tabler/icons-react';
import { type ClipboardEvent, useId, useState } from 'react';
import type { Parameter } from '../../api/answers.ts';
import { readPaste } from './read-paste.ts';

interface PasteBoxProps {
  /** The vendor's name. */
  readonly title: string;
  readonly parameters: readonly Parameter[];
  /** Further settings of the connector, to say that they were left out. */
  readonly others?: readonly Parameter[];
  readonly onFound: (values: Readonly<Record<string, string>>) => void;
}

/** The text is read here and forgotten: secrets go on to their fields only. */
export function PasteBox({ title, parameters, others = [], onFound }: PasteBoxProps) {
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState('');
  const [done, setDone] = useState('');
  const [error, setError] = useState('');
  const bodyId = useId();
  const read = (given: string) => {
    const found = readPaste(parameters, others, given);
    setText('');
    setDone(found?.sentence ?? '');
    setError(
      found ? '' : `That names no field of ${title}. Copy NAME=value lines or a block of JSON, as a whole.`,
    );
    if (found) onFound(found.values);
  };
  const onPaste = (event: ClipboardEvent) => {
    event.preventDefault();
    read(event.clipboardData.getData('text'));
  };
  return (
    <div className="paste-box" data-open={isOpen || undefined}>
      <UnstyledButton
        className="paste-toggle"
        aria-expanded={isOpen}
        aria-controls={bodyId}
        onClick={() => setOpen(!isOpen)}
      >
        <IconClipboardText size={18} stroke={1.6} aria-hidden />
        <span className="paste-words">
          <Text size="sm" fw={500} component="span">
            Paste what {title} shows
          </Text>
          <Text size="xs" c="dimmed" component="span">
            Environment variables or JSON fill the fields below
          </Text>
        </span>
        <IconChevronRight size={16} aria-hidden className="paste-chevron" />
      </UnstyledButton>
      <Stack id={bodyId} gap="xs" px="sm" pb="sm" hidden={!isOpen} display={isOpen ? undefined : 'none'}>
        <Textarea
          label="Text to read"
          description="It is read in this browser and not kept."
          placeholder={'NAME=value\nOTHER_NAME=value'}
          classNames={{ input: 'paste-text' }}
          rows={3}
          value={text}
          onPaste={onPaste}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          error={error || undefined}
          autoComplete="off"
          spellCheck={false}
        />
        <Group gap="sm">
          <Button
            variant="default"
            size="compact-sm"
            disabled={text.trim() === ''}
            onClick={() => read(text)}
          >
            Fill the form
          </Button>
        </Group>
      </Stack>
      <div role="status">
        {done !== '' && (
          <Text size="sm" px="sm" pb="sm" className="paste-done">
            <IconCheck size={15} aria-hidden className="inline-icon" /> {done}
          </Text>
        )}
      </div>
    </div>
  );
}

/** An answer that is a file comes in; its name, type and size go out, and a button that saves it byte by byte. */
import { Button, Group, Paper, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { formatBytes } from '../../parts/format.ts';
import type { FileBody } from './answer.ts';
import { download } from './download.ts';

interface FileAnswerProps {
  readonly file: FileBody;
  /** The key of the method, which names a file that has no name of its own. */
  readonly method: string;
}

export function FileAnswer({ file, method }: FileAnswerProps) {
  const { mediaType, fileName, size, base64 } = file;
  const save = () =>
    download(
      fileName ?? method,
      mediaType,
      Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)),
    );
  return (
    <Paper withBorder p="md" component="section" aria-label="Answer">
      <Group justify="space-between">
        <div>
          <Text fw={600}>{fileName ?? 'A file without a name'}</Text>
          <Text size="sm" c="dimmed">
            {mediaType}, {formatBytes(size)}
          </Text>
        </div>
        <Button leftSection={<IconDownload size={16} aria-hidden />} onClick={save}>
          Download
        </Button>
      </Group>
    </Paper>
  );
}

/** An address outside of the console and its words come in; a link goes out that opens a new tab, and says so. */
import { Anchor, type MantineSize } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';

interface OutsideLinkProps {
  readonly href: string;
  readonly size: MantineSize;
  readonly children: string;
}

/** The sign stays with the last word: a line of its own would belong to nothing. */
export function OutsideLink({ href, size, children }: OutsideLinkProps) {
  const last = children.lastIndexOf(' ') + 1;
  return (
    <Anchor href={href} target="_blank" rel="noreferrer" size={size}>
      {children.slice(0, last)}
      <span className="unbroken">
        {children.slice(last)}
        <IconExternalLink size="0.9em" aria-hidden className="outside-icon" />
      </span>
      <span className="visually-hidden"> (opens a new tab)</span>
    </Anchor>
  );
}

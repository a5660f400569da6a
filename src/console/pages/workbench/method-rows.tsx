/** Groups of methods come in; they go out as lists of links, hundreds of them without making the browser wait. */
import { Badge } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { type MouseEvent, memo, type ReactNode } from 'react';
import type { MethodGroup } from './find-methods.ts';
import { VerbTag } from './verb-tag.tsx';

/** A file that the vendor takes: listed beside the methods, at an address of its own. */
export interface UploadEntry {
  readonly key: string;
  readonly name: string;
}

interface RowsProps {
  /** The key of the one that is open; empty when it is in another group. */
  readonly current: string;
  readonly hrefOf: (key: string) => string;
  readonly open: (key: string) => void;
}

/** Of a row and of a heading in pixels (workbench.css), so that the browser knows the height of what it has not drawn. */
const ROW_PX = 32;
const HEAD_PX = 34;

/** Drawn only when it comes into view (`content-visibility`), and made anew only when it changes. */
export const MethodRows = memo(function MethodRows({
  group,
  ...rest
}: RowsProps & { readonly group: MethodGroup }) {
  return (
    <Section title={group.title} count={group.methods.length}>
      {group.methods.map((method) => (
        <Row key={method.Key} name={method.Key} {...rest}>
          <VerbTag verb={method.HttpMethod} />
          <span className={method.IsDeprecated ? 'method-name method-old' : 'method-name'}>
            {method.Name}
          </span>
          {method.IsBeta && (
            <Badge size="xs" variant="default">
              Beta
            </Badge>
          )}
          {method.IsDeprecated && (
            <Badge size="xs" variant="light" color="amber">
              Deprecated
            </Badge>
          )}
        </Row>
      ))}
    </Section>
  );
});

export function UploadRows({ uploads, ...rest }: RowsProps & { readonly uploads: readonly UploadEntry[] }) {
  return (
    <Section title="Files" count={uploads.length}>
      {uploads.map(({ key, name }) => (
        <Row key={key} name={key} {...rest}>
          <span className="verb-tag verb-file">
            <IconFileUpload size={14} aria-hidden />
          </span>
          <span className="method-name">Upload {name.toLowerCase()}</span>
        </Row>
      ))}
    </Section>
  );
}

interface SectionProps {
  readonly title: string;
  readonly count: number;
  readonly children: ReactNode;
}

const Section = ({ title, count, children }: SectionProps) => (
  <section className="method-group" style={{ containIntrinsicSize: `auto ${HEAD_PX + count * ROW_PX}px` }}>
    <h2 className="method-group-title">{title}</h2>
    <ul className="plain-list">{children}</ul>
  </section>
);

/** Not the router's link: hundreds of those would all be made anew with every change of the address. */
function Row({
  name,
  current,
  hrefOf,
  open,
  children,
}: RowsProps & { readonly name: string; readonly children: ReactNode }) {
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(name);
  };
  return (
    <li>
      <a
        href={hrefOf(name)}
        className="method-row"
        aria-current={name === current ? 'page' : undefined}
        onClick={follow}
      >
        {children}
      </a>
    </li>
  );
}

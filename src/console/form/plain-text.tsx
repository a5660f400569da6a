/** A text comes in and goes out as it is: stands in for the Markdown parser that the form library would bring (vite.config.ts). */
import type { ReactNode } from 'react';

export function Markdown({ children }: { readonly children?: ReactNode }) {
  return <>{children}</>;
}
